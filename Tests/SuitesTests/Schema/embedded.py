"""Writes the files of google/protobuf that come with Python's protobuf, as one descriptor set."""

import sys

from google.protobuf import any_pb2, descriptor_pb2, duration_pb2, empty_pb2, field_mask_pb2
from google.protobuf import struct_pb2, timestamp_pb2, wrappers_pb2

files = descriptor_pb2.FileDescriptorSet()
for module in (
    any_pb2,
    descriptor_pb2,
    duration_pb2,
    empty_pb2,
    field_mask_pb2,
    struct_pb2,
    timestamp_pb2,
    wrappers_pb2,
):
    module.DESCRIPTOR.CopyToProto(files.file.add())
with open(sys.argv[1], "wb") as sink:
    sink.write(files.SerializeToString())
