"""paho and mosquitto's command line clients take a job over each transport that they have."""

import json
import os
import queue
import subprocess
import tempfile
import unittest
import urllib.request

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

URL = os.environ.get("EMULATOR_URL", "http://127.0.0.1:8080").rstrip("/")
MQTT = int(os.environ.get("EMULATOR_MQTT_PORT", 1883))
MQTTS = int(os.environ.get("EMULATOR_MQTTS_PORT", 8883))
HTTPS = int(os.environ.get("EMULATOR_HTTPS_PORT", 8443))
HTTP = int(URL.rsplit(":", 1)[1])
VERSIONS = (mqtt.MQTTv31, mqtt.MQTTv311, mqtt.MQTTv5)


def call(method, path, body=None):
    request = urllib.request.Request(URL + path, method=method, data=None if body is None else json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


def thing_with_job(name):
    arn = json.loads(call("POST", f"/things/{name}", {}))["thingArn"]
    call("PUT", f"/jobs/job-{name}", {"targets": [arn], "document": '{"operation":"install"}'})


def status(name):
    return json.loads(call("GET", f"/jobs/job-{name}"))["job"]["status"]


def run(*command):
    """What a command prints, as JSON."""
    printed = subprocess.run(command, check=True, timeout=20, stdout=subprocess.PIPE).stdout
    return json.loads(printed) if printed else None


class Paho:
    """A device that listens; topics are those of its thing's jobs, or whole ones."""

    def __init__(self, test, name, version, transport="tcp", port=MQTT, tls=None, will=False):
        self.name, self.prefix = name, f"$aws/things/{name}/jobs/"
        self.heard, self.subscribed, self.connected, self.gone = queue.Queue(), queue.Queue(), queue.Queue(), queue.Queue()
        self.version, self.port = version, port
        lasting = {} if version == mqtt.MQTTv5 else {"clean_session": False}
        self.client = mqtt.Client(name, protocol=version, transport=transport, **lasting)
        if tls:
            self.client.tls_set(test.ca, *((test.certificate, test.key) if tls == "mTLS" else ()))
        if transport == "websockets":
            self.client.ws_set_options(path="/mqtt")
        if will:
            self.client.will_set(f"wills/{name}", '{"gone":true}', qos=1)
        self.client.on_message = lambda _, __, message: self.heard.put((message.topic.removeprefix(self.prefix), json.loads(message.payload)))
        self.client.on_subscribe = lambda *_: self.subscribed.put(True)
        self.client.on_connect = lambda *_: self.connected.put(True)
        self.client.on_disconnect = lambda _, __, reason, *___: self.gone.put(getattr(reason, "value", reason))

    def __enter__(self):
        lasting = {}
        if self.version == mqtt.MQTTv5:
            lasting = {"clean_start": False, "properties": Properties(PacketTypes.CONNECT)}
            lasting["properties"].SessionExpiryInterval = 600
        self.client.connect("localhost", self.port, **lasting)
        self.client.loop_start()
        self.connected.get(timeout=10)
        return self

    def __exit__(self, *_):
        self.client.disconnect()
        self.client.loop_stop()

    def subscribe(self, *topics):
        self.client.subscribe([(self.prefix + topic, 2) for topic in topics])
        self.subscribed.get(timeout=10)

    def publish(self, topic, payload):
        self.client.publish(self.prefix + topic, json.dumps(payload), qos=1)

    def next(self, topic):
        """The payload of the next message, which is on this topic."""
        on, payload = self.heard.get(timeout=10)
        if on != topic:
            raise AssertionError(f"{on} {payload} is heard before {topic}")
        return payload


class Peers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.ca = os.path.join(cls.folder.name, "ca.pem")
        with open(cls.ca, "wb") as file:
            file.write(call("GET", "/_emulator/ca.pem"))
        # A device's own certificate: any will do.
        cls.certificate, cls.key = (os.path.join(cls.folder.name, name) for name in ("device.pem", "device.key"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", cls.key, "-out", cls.certificate, "-days", "2",
                        "-subj", "/CN=pump-1"], check=True, stderr=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_paho_takes_a_job_over_each_transport(self):
        for transport, port, tls in (("tcp", MQTT, None), ("tcp", MQTTS, "TLS"), ("tcp", MQTTS, "mTLS"), ("websockets", HTTP, None), ("websockets", HTTPS, "TLS")):
            for version in VERSIONS:
                with self.subTest(transport=transport, tls=tls, version=version):
                    self.take_a_job(Paho(self, f"paho-{transport}-{tls}-{version}", version, transport, port, tls))

    def take_a_job(self, device):
        """Told of a job, starts it, is refused a wrong version, finishes, may not change its mind."""
        name = device.name
        with device:
            device.subscribe("notify-next", "start-next/+", "+/update/+")
            thing_with_job(name)
            self.assertEqual({"operation": "install"}, device.next("notify-next")["execution"]["jobDocument"])
            device.publish("start-next", {"clientToken": "start"})
            self.assertEqual("IN_PROGRESS", device.next("start-next/accepted")["execution"]["status"])
            device.publish(f"job-{name}/update", {"status": "SUCCEEDED", "expectedVersion": "1"})
            self.assertEqual("VersionMismatch", device.next(f"job-{name}/update/rejected")["code"])
            device.publish(f"job-{name}/update", {"status": "SUCCEEDED", "expectedVersion": "2"})
            device.next(f"job-{name}/update/accepted")
            self.assertEqual(["timestamp"], list(device.next("notify-next")))
            device.publish(f"job-{name}/update", {"status": "FAILED"})
            refused = device.next(f"job-{name}/update/rejected")
            self.assertEqual(("InvalidStateTransition", "SUCCEEDED"), (refused["code"], refused["executionState"]["status"]))
        self.assertEqual("COMPLETED", status(name))

    def test_paho_comes_back_is_taken_over_and_leaves_its_will(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                name = f"paho-back-{version}"
                with Paho(self, name, version) as device:
                    device.subscribe("notify-next")
                thing_with_job(name)
                witness = Paho(self, f"{name}-witness", version)
                device = Paho(self, name, version, will=True)
                with witness, device:
                    self.assertEqual(f"job-{name}", device.next("notify-next")["execution"]["jobId"])
                    witness.client.subscribe(f"wills/{name}", 1)
                    witness.subscribed.get(timeout=10)
                    with Paho(self, name, version):
                        self.assertEqual(142 if version == mqtt.MQTTv5 else mqtt.MQTT_ERR_CONN_LOST, device.gone.get(timeout=10))  # taken over; or just cut off
                        device.client.disconnect()  # or it would come back and take over itself
                        self.assertEqual({"gone": True}, witness.next(f"wills/{name}"))
                    witness.client.publish(f"plant/{name}", '{"level":7}', qos=1, retain=True).wait_for_publish()
                    witness.client.subscribe(f"plant/{name}", 1)
                    self.assertEqual({"level": 7}, witness.next(f"plant/{name}"))

    def test_mosquitto_takes_a_job(self):
        for version in ("mqttv31", "mqttv311", "mqttv5"):
            for tls, where in (
                (None, ["-p", str(MQTT)]),
                ("TLS", ["-p", str(MQTTS), "--cafile", self.ca]),
                ("mTLS", ["-p", str(MQTTS), "--cafile", self.ca, "--cert", self.certificate, "--key", self.key]),
            ):
                with self.subTest(version=version, tls=tls):
                    self.mosquitto(f"mosquitto-{version}-{tls}", ["-h", "localhost", *where, "-V", version, "-q", "1"])

    def mosquitto(self, name, client):
        prefix = f"$aws/things/{name}/jobs/"
        # The session begins with the subscription and hears of the job when it comes back.
        session = [*client, "-i", name, "-c", *(["-x", "600"] if "mqttv5" in client else [])]
        run("mosquitto_sub", *session, "-E", "-t", prefix + "notify-next")
        thing_with_job(name)
        told = run("mosquitto_sub", *session, "-C", "1", "-W", "10", "-t", prefix + "notify-next")
        self.assertEqual(f"job-{name}", told["execution"]["jobId"])

        def ask(operation, outcome, payload):
            return run("mosquitto_rr", *client, "-W", "10", "-t", prefix + operation, "-e", f"{prefix}{operation}/{outcome}", "-m", json.dumps(payload))

        update = f"job-{name}/update"
        if "mqttv31" not in client:
            self.assertEqual("IN_PROGRESS", ask("start-next", "accepted", {})["execution"]["status"])
            self.assertEqual("VersionMismatch", ask(update, "rejected", {"status": "SUCCEEDED", "expectedVersion": 9})["code"])
            self.assertEqual(["timestamp"], list(ask(update, "accepted", {"status": "SUCCEEDED"})))
            self.assertEqual("InvalidStateTransition", ask(update, "rejected", {"status": "FAILED"})["code"])
        else:  # mosquitto_rr does not speak it
            run("mosquitto_pub", *client, "-t", prefix + update, "-m", '{"status":"SUCCEEDED"}')
        self.assertEqual("COMPLETED", status(name))

    def test_mosquitto_leaves_its_will_and_hears_what_is_retained(self):
        for version in ("mqttv31", "mqttv311", "mqttv5"):
            with self.subTest(version=version):
                client = ["-h", "localhost", "-p", str(MQTT), "-V", version, "-q", "1"]
                topic = f"wills/mosquitto-{version}"
                will = ["--will-topic", topic, "--will-payload", '{"gone":true}', "--will-retain"]
                with subprocess.Popen(["mosquitto_sub", *client, "-i", topic, "-W", "10", "-t", "nothing", *will]) as cut_off:
                    while topic.encode() not in call("GET", "/_emulator/clients"):
                        self.assertIsNone(cut_off.poll(), "it does not connect")
                    cut_off.kill()
                call("GET", f"/_emulator/messages?topic={topic}&wait=10")
                self.assertEqual({"gone": True}, run("mosquitto_sub", *client, "-C", "1", "-W", "10", "-t", topic))


if __name__ == "__main__":
    unittest.main()
