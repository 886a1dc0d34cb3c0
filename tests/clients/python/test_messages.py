"""Messages over HTTP with boto3's iot-data client: published with all that MQTT 5 has, retained per account and region."""

import unittest

from emulator import Account, client, plain, refused


class Messages(unittest.TestCase):
    def setUp(self):
        home = Account(region="us-west-2")
        self.home = client("iot-data", home.id, home.region)
        self.strangers = client("iot-data", home.id, "eu-central-1"), client("iot-data", Account().id, home.region)

    def test_what_is_retained_belongs_to_its_account_and_region(self):
        properties = [{"site": "north"}, {"floor": "1"}]
        self.home.publish(
            topic="plant//1", qos=1, retain=True, payload=b"\x00\xff", contentType="application/octet-stream", responseTopic="plant/answer",
            messageExpiry=3600, correlationData="Nw==", payloadFormatIndicator="UNSPECIFIED_BYTES", userProperties=properties,
        )
        kept = plain(self.home.get_retained_message(topic="plant//1"))
        self.assertEqual(
            {**kept, "lastModifiedTime": 0},
            {"topic": "plant//1", "payload": b"\x00\xff", "qos": 1, "lastModifiedTime": 0, "userProperties": b'[{"site":"north"},{"floor":"1"}]'},
        )
        listed = [message["topic"] for message in self.home.list_retained_messages()["retainedTopics"]]
        self.assertEqual(listed, ["plant//1"])
        for stranger in self.strangers:
            self.assertEqual(stranger.list_retained_messages()["retainedTopics"], [])
            with refused("ResourceNotFoundException", 404):
                stranger.get_retained_message(topic="plant//1")
        self.home.publish(topic="plant//1", retain=True)
        with refused("ResourceNotFoundException", 404):
            self.home.get_retained_message(topic="plant//1")

    def test_what_cannot_be_published_is_refused_by_the_members_name(self):
        for request, member in (
            ({"topic": "$aws/things/pump-1/jobs/get"}, "topic"),
            ({"topic": "plant/+"}, "topic"),
            ({"topic": "plant", "qos": 2}, "qos"),
            ({"topic": "plant", "userProperties": {"site": "north"}}, "userProperties"),
            ({"topic": "plant", "payload": b"x" * (128 * 1024 + 1)}, "payload"),
        ):
            with refused("InvalidRequestException", 400, f"'{member}'"):
                self.home.publish(**request)


if __name__ == "__main__":
    unittest.main()
