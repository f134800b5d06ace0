#!/usr/bin/env python3
"""Says 220 to whoever sends something, on one port: a TCP responder that costs little."""
import select
import socket
import sys

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", int(sys.argv[1])))
listener.listen(8192)
listener.setblocking(False)
poll = select.epoll()
poll.register(listener, select.EPOLLIN)
peers = {}
while True:
    for number, _ in poll.poll():
        if number == listener.fileno():
            try:
                while True:
                    peer, _ = listener.accept()
                    peer.setblocking(False)
                    peers[peer.fileno()] = peer
                    poll.register(peer, select.EPOLLIN)
            except BlockingIOError:
                continue
        peer = peers[number]
        try:
            said = peer.recv(256)
        except ConnectionError:
            said = b""
        if said:
            peer.sendall(b"220 ready\r\n")
        else:
            peers.pop(number).close()
