"""Runs the table of cases against a server: `conformance.py HOST PORT`.

Without an address it runs them against two bad servers, to show that no case passes with both.
"""

import concurrent.futures
import sys

import flow
import frame_types
import messages
import peers
import starting
import streams
import wire

CASES = [case for part in (starting, streams, frame_types, flow, messages) for case in part.CASES]


def faults(address, at_once=8):
    """For each case what is wrong, or None."""
    def run(case):
        try:
            return case.run(address)
        except Exception as error:
            return f"broke off: {error!r}"

    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(run, CASES))


def against(host, port):
    failed = 0
    for case, fault in zip(CASES, faults((host, port))):
        if fault:
            failed += 1
            print(f"RFC 9113 section {case.section}: {case.title}: {fault}")
    print(f"{len(CASES)} cases, {failed} failed")
    return failed


def against_bad_servers():
    wire.PATIENCE = 0.5
    careless, hostile = (faults(peers.serve(react), at_once=64) for react in (peers.careless, peers.hostile))
    blind = [case for case, one, other in zip(CASES, careless, hostile) if not one and not other]
    for case in blind:
        print(f"RFC 9113 section {case.section}: {case.title}: passes with servers that are wrong")
    caught = sum(map(bool, careless)), sum(map(bool, hostile))
    print(f"{len(CASES)} cases, {caught[0]} fail with a careless server, {caught[1]} with a hostile one, {len(blind)} with neither")
    return len(blind)


if __name__ == "__main__":
    sys.exit(1 if (against(sys.argv[1], int(sys.argv[2])) if sys.argv[1:] else against_bad_servers()) else 0)
