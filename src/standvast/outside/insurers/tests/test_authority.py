import fcntl
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from standvast.outside.insurers.authority import NAMES, Authority, Issued, Issuer

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def client(authority: Authority, **more) -> x509.Certificate:
    wanted = {"valid_from": NOW - DAY, "valid_until": NOW + DAY, **more}
    issued = authority.client(organisation="De Linde", agb="01012345", **wanted)
    return x509.load_pem_x509_certificate(issued.certificate)


def verify(
    authority: Authority, certificate: x509.Certificate, *, trusted=Issuer.PRODUCTION, at=NOW
):
    root = x509.load_pem_x509_certificate(authority.root_path(trusted).read_bytes())
    verifier = PolicyBuilder().store(Store([root])).time(at).build_client_verifier()
    return verifier.verify(certificate, [])


class TestAuthority:
    def test_issues_what_a_strict_verifier_takes(self, tmp_path):
        authority = Authority(tmp_path, now=NOW)

        found = verify(authority, client(authority))

        assert [name.value for name in found.subjects] == ["system-01012345.standvast.example"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"valid_until": NOW - DAY / 2},
            {"valid_from": NOW + DAY / 2},
            {"issuer": Issuer.TEST},
            {"is_for_clients": False},
        ],
        ids=["expired", "not yet", "test issuer", "wrong use"],
    )
    def test_issues_what_a_strict_verifier_refuses(self, tmp_path, wrong):
        authority = Authority(tmp_path, now=NOW)

        with pytest.raises(VerificationError):
            verify(authority, client(authority, **wrong))

    def test_a_test_certificate_is_known_by_its_issuer(self, tmp_path):
        authority = Authority(tmp_path, now=NOW)

        certificate = client(authority, issuer=Issuer.TEST)

        (name,) = certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
        assert name.value == NAMES[Issuer.TEST] == "Standvast Simulated TEST CA"
        assert verify(authority, certificate, trusted=Issuer.TEST)

    def test_names_the_organisation_and_its_number(self, tmp_path):
        certificate = client(Authority(tmp_path, now=NOW))

        for kind, value in (
            (NameOID.ORGANIZATION_NAME, "De Linde"),
            (NameOID.SERIAL_NUMBER, "01012345"),
        ):
            assert certificate.subject.get_attributes_for_oid(kind)[0].value == value
        use = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert list(use) == [ExtendedKeyUsageOID.CLIENT_AUTH]

    def test_the_key_of_another_does_not_fit(self, tmp_path):
        authority = Authority(tmp_path, now=NOW)
        one, other = (authority.server(valid_from=NOW, valid_until=NOW + DAY) for _ in range(2))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

        one.load_into(context)
        with pytest.raises(ssl.SSLError, match="MISMATCH"):
            Issued(one.certificate, other.key).load_into(context)


class TestItsFolder:
    def test_is_its_owners_alone(self, tmp_path):
        folder = tmp_path / "outside" / "authority"
        Authority(folder, now=NOW)

        assert folder.stat().st_mode & 0o777 == 0o700
        files = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
        assert files == dict.fromkeys(
            ("lock", "production.key", "production.pem", "test.key", "test.pem"), 0o600
        )

    def test_keeps_the_same_roots(self, tmp_path):
        first = Authority(tmp_path, now=NOW)
        certificate = client(first)

        again = Authority(tmp_path, now=NOW + 30 * DAY)

        assert verify(again, certificate)

    def test_waits_for_whoever_is_making_it(self, tmp_path):
        with (tmp_path / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            second = Thread(target=Authority, args=(tmp_path,), kwargs={"now": NOW}, daemon=True)
            second.start()
            second.join(0.3)
            assert second.is_alive()
            assert [path.name for path in tmp_path.iterdir()] == ["lock"]

        second.join(5)
        assert Authority(tmp_path, now=NOW).root_path().exists()

    def test_opened_by_many_at_once_has_one_root(self, tmp_path):
        program = (
            "import sys, hashlib; from datetime import UTC, datetime; from pathlib import Path;"
            "from standvast.outside.insurers.authority import Authority;"
            "sys.stdin.readline();"
            "a = Authority(Path(sys.argv[1]), now=datetime.now(UTC));"
            "print(hashlib.sha256(a.root_path().read_bytes()).hexdigest())"
        )
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", program, str(tmp_path / "authority")],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(4)
        ]
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        seen = {process.communicate(timeout=60)[0].strip() for process in processes}

        assert len(seen) == 1
        assert "" not in seen
