"""What Python's protobuf makes of messages: messages.py DESCRIPTOR_SET <IN >OUT

A message in IN is a type's name, bytes of that type, and the bytes that the reader under test wrote
of it, each after its length in four bytes. For each, one line in OUT: "refused"; or "same" or
"other", whether both are the same message, and then its fields by number.
"""

import math
import struct
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message, message_factory

# Of unset limits on depth: the bytes are dumped by recursion.
sys.setrecursionlimit(10000)


def scalar(field, value):
    if field.type in (field.TYPE_DOUBLE, field.TYPE_FLOAT):
        if math.isnan(value):
            return "nan"
        return struct.pack("<f" if field.type == field.TYPE_FLOAT else "<d", value).hex()
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, str):
        return "'" + value.encode().hex()
    if isinstance(value, bytes):
        return "'" + value.hex()
    if isinstance(value, message.Message):
        return dump(value)
    return str(value)


def dump_map(entry, of):
    key, value = entry.fields_by_number[1], entry.fields_by_number[2]
    try:
        return ",".join(sorted(f"{scalar(key, k)}={scalar(value, v)}" for k, v in of.items()))
    except UnicodeDecodeError:
        # Proto2 lets keys be no UTF-8, and Python cannot show them.
        return "?"


def dump(of):
    parts = []
    for field, value in sorted(of.ListFields(), key=lambda item: item[0].number):
        entry = field.message_type
        if entry and entry.GetOptions().map_entry:
            text = dump_map(entry, value)
        elif field.is_repeated:
            text = ",".join(scalar(field, item) for item in value)
        else:
            text = scalar(field, value)
        parts.append(f"{field.number}:[{text}]")
    return "{" + ";".join(parts) + "}"


def answer(make, theirs, ours):
    try:
        read = make.FromString(theirs)
    except message.DecodeError:
        return "refused"
    try:
        again = make.FromString(ours)
    except message.DecodeError:
        return "other " + dump(read)
    same = again.SerializePartialToString(deterministic=True) == read.SerializePartialToString(
        deterministic=True
    )
    return ("same " if same else "other ") + dump(read)


def parts(stream):
    while length := stream.read(4):
        yield stream.read(struct.unpack(">I", length)[0])


def main():
    pool = descriptor_pool.DescriptorPool()
    files = descriptor_pb2.FileDescriptorSet()
    with open(sys.argv[1], "rb") as source:
        files.ParseFromString(source.read())
    for file in files.file:
        pool.Add(file)
    # A file's types, its extensions among them, exist once somebody asks for them.
    for file in files.file:
        pool.FindFileByName(file.name)
    makers = {}
    stream = parts(sys.stdin.buffer)
    for name in stream:
        if name not in makers:
            makers[name] = message_factory.GetMessageClass(
                pool.FindMessageTypeByName(name.decode())
            )
        print(answer(makers[name], next(stream), next(stream)))


main()
