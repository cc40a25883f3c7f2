import pytest

from standvast.drills.frame.guard import PointsElsewhere, check_all_here, elsewhere, is_here

HERE = {
    "DATABASE_URL": "postgresql://standvast@/standvast?host=/tmp/pg",
    "STANDVAST_DRILL": "1",
    "STANDVAST_ADDRESS": "http://127.0.0.1:8000",
    "STANDVAST_MAIL_HOST": "127.0.0.1",
    "STANDVAST_OUTSIDE": "",
    "HTTPS_PROXY": "http://proxy.example:3128",
}


class TestElsewhere:
    def test_an_installation_on_this_machine_passes(self):
        assert check_all_here(HERE) is None

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("STANDVAST_MAIL_HOST", "mail.example.org"),
            ("STANDVAST_MAIL_HOST", "10.0.0.4"),
            ("STANDVAST_OUTSIDE", "https://outside.example"),
            ("STANDVAST_PEERS", "http://127.0.0.1:1, https://peer.example/fhir"),
            ("STANDVAST_PEERS", "http:///path"),
            ("DATABASE_URL", "postgresql://db.example/standvast"),
            ("DATABASE_URL", "host=localhost hostaddr=10.0.0.4 dbname=x"),
            ("DATABASE_URL", "host=/tmp,db.example dbname=x"),
            ("DATABASE_URL", "no address"),
        ],
    )
    def test_one_that_points_elsewhere_does_not_start(self, name, value):
        environment = HERE | {name: value}

        assert elsewhere(environment) == [name]
        with pytest.raises(PointsElsewhere, match=name):
            check_all_here(environment)

    def test_one_that_is_no_drill_does_not_start(self):
        with pytest.raises(PointsElsewhere, match="STANDVAST_DRILL"):
            check_all_here(HERE | {"STANDVAST_DRILL": "0"})

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "127.0.0.1.example.org", "example.org"])
    def test_a_name_that_only_looks_near_is_far(self, host):
        assert not is_here(host)
