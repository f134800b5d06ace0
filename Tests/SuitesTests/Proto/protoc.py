"""What protoc makes of .proto files: for each name a line `name TAB exit code TAB errors`,
and for those it takes a file `number` in SINK with the descriptors of it and its imports.

    protoc.py SINK IMPORT[,IMPORT...] < names
"""

import os
import sys

import grpc_tools
from grpc_tools import protoc

sink, imports = sys.argv[1], sys.argv[2].split(",")
imports.append(os.path.dirname(grpc_tools.__file__) + "/_proto")
options = ["-I" + path for path in imports] + ["--retain_options", "--include_imports"]
messages = sink + "/errors"
for number, name in enumerate(sys.stdin.read().split()):
    said = os.open(messages, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    own = os.dup(2)
    os.dup2(said, 2)
    code = protoc.main(["protoc", *options, f"--descriptor_set_out={sink}/{number}", name])
    os.dup2(own, 2)
    os.close(own)
    with os.fdopen(said, errors="replace") as text:
        text.seek(0)
        lines = [line for line in text.read().splitlines() if "warning" not in line.lower()]
    print(name, code, " | ".join(lines), sep="\t")
os.unlink(messages)
