"""Starts an MCP server and passes its standard streams on; every line is noted in a file.

usage: stdio_tap.py FILE COMMAND [ARGUMENT...]

Lines of the file are `client TEXT` and `server TEXT`, in the order in which they came by. Ends with the server's status.
"""
import os
import subprocess
import sys
import threading

path, command = sys.argv[1], sys.argv[2:]
child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
lock = threading.Lock()
notes = open(path, "ab", buffering=0)
notes.write(b"begin\n")


def pass_on(source, target, side):
    for line in source:
        with lock:
            notes.write(side + b" " + line.rstrip(b"\r\n") + b"\n")
        try:
            target.write(line)
            target.flush()
        except BrokenPipeError:
            break
    try:
        target.close()
    except BrokenPipeError:
        pass


threading.Thread(target=pass_on, args=(sys.stdin.buffer, child.stdin, b"client"), daemon=True).start()
reader = threading.Thread(target=pass_on, args=(child.stdout, sys.stdout.buffer, b"server"), daemon=True)
reader.start()
status = child.wait()
reader.join()
# Not an ordinary end: it would wait for the thread that reads standard input.
os._exit(status if status >= 0 else 1)
