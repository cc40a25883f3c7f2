"""The process `watch`: one leads, probes, judges and sweeps; the others look after the leader."""
