"""paho and mosquitto's command line clients take a job over each transport that they have."""

import json
import os
import queue
import subprocess
import tempfile
import unittest
import urllib.request

import paho.mqtt.client as mqtt

URL = os.environ.get("EMULATOR_URL", "http://127.0.0.1:8080").rstrip("/")
MQTT = int(os.environ.get("EMULATOR_MQTT_PORT", 1883))
MQTTS = int(os.environ.get("EMULATOR_MQTTS_PORT", 8883))
HTTPS = int(os.environ.get("EMULATOR_HTTPS_PORT", 8443))
HTTP = int(URL.rsplit(":", 1)[1])


def call(method, path, body=None):
    request = urllib.request.Request(URL + path, method=method, data=None if body is None else json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


def thing_with_job(name):
    arn = json.loads(call("POST", f"/things/{name}", {}))["thingArn"]
    call("PUT", f"/jobs/job-{name}", {"targets": [arn], "document": '{"operation":"install"}'})


def status(name):
    return json.loads(call("GET", f"/jobs/job-{name}"))["job"]["status"]


class Peers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.ca = os.path.join(cls.folder.name, "ca.pem")
        with open(cls.ca, "wb") as file:
            file.write(call("GET", "/_emulator/ca.pem"))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_paho(self):
        for transport, port, tls in (("tcp", MQTT, False), ("tcp", MQTTS, True), ("websockets", HTTP, False), ("websockets", HTTPS, True)):
            for version in (mqtt.MQTTv31, mqtt.MQTTv311, mqtt.MQTTv5):
                with self.subTest(transport=transport, tls=tls, version=version):
                    self.paho(transport, port, tls, version)

    def paho(self, transport, port, tls, version):
        name = f"paho-{transport}-{tls}-{version}"
        prefix = f"$aws/things/{name}/jobs/"
        heard, subscribed = queue.Queue(), queue.Queue()
        client = mqtt.Client(name, protocol=version, transport=transport)
        if tls:
            client.tls_set(self.ca)
        if transport == "websockets":
            client.ws_set_options(path="/mqtt")
        client.on_message = lambda _, __, message: heard.put((message.topic[len(prefix):], json.loads(message.payload)))
        client.on_subscribe = lambda *_: subscribed.put(True)
        client.connect("localhost", port)
        client.loop_start()
        try:
            client.subscribe([(prefix + "notify-next", 2), (prefix + "+/update/+", 1)])
            subscribed.get(timeout=10)
            thing_with_job(name)
            topic, told = heard.get(timeout=10)
            self.assertEqual(("notify-next", {"operation": "install"}), (topic, told["execution"]["jobDocument"]))
            client.publish(f"{prefix}job-{name}/update", json.dumps({"status": "SUCCEEDED", "expectedVersion": "1"}), qos=1)
            topics = [heard.get(timeout=10)[0] for _ in range(2)]
            self.assertEqual([f"job-{name}/update/accepted", "notify-next"], topics)
            self.assertEqual("COMPLETED", status(name))
        finally:
            client.disconnect()
            client.loop_stop()

    def test_mosquitto(self):
        for version in ("mqttv31", "mqttv311", "mqttv5"):
            for where in (["-p", str(MQTT)], ["-p", str(MQTTS), "--cafile", self.ca]):
                with self.subTest(version=version, tls=len(where) > 2):
                    self.mosquitto(version, where)

    def mosquitto(self, version, where):
        name = f"mosquitto-{version}-{len(where)}"
        prefix = f"$aws/things/{name}/jobs/"
        client = ["-h", "localhost", *where, "-V", version, "-q", "1"]
        # The session begins with the subscription and hears of the job when it comes back.
        session = [*client, "-i", name, "-c"]
        subprocess.run(["mosquitto_sub", *session, "-E", "-t", prefix + "notify-next"], check=True, timeout=20)
        thing_with_job(name)
        told = subprocess.run(["mosquitto_sub", *session, "-C", "1", "-W", "10", "-t", prefix + "notify-next"], check=True, timeout=20, stdout=subprocess.PIPE)
        self.assertEqual(f"job-{name}", json.loads(told.stdout)["execution"]["jobId"])
        subprocess.run(["mosquitto_pub", *client, "-t", f"{prefix}job-{name}/update", "-m", '{"status":"SUCCEEDED"}'], check=True, timeout=20)
        self.assertEqual("COMPLETED", status(name))


if __name__ == "__main__":
    unittest.main()
