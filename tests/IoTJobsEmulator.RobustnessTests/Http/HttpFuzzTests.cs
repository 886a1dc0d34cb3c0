using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace IoTJobsEmulator.RobustnessTests.Http;

/// <summary>Whatever is sent to the HTTP port, the answer is one of AWS's, and the next caller is served. FUZZ_REQUESTS=n sends so many.</summary>
public sealed class HttpFuzzTests
{
    /// <summary>After so many requests everything begins again, so that there is always something to ask about.</summary>
    private const int RequestsOfAStory = 100;

    private readonly Extent _extent = Extent.Of("FUZZ_REQUESTS", 3_000);
    private readonly SortedDictionary<int, int> _statuses = [];
    private int _closed;

    [Fact]
    public async Task Whatever_is_asked_is_answered_as_AWS_would_and_the_next_caller_is_served()
    {
        using var running = await EmulatorProcess.Start("--log-level", "error");
        running.ReadToTheEnd();
        using var api = new Api(running.Url);
        var requests = await ValidRequests.Of(api);
        using var caller = new Caller(running);
        for (var sent = 0; sent < _extent.Count; sent++)
        {
            if (sent % RequestsOfAStory == 0)
                await TellStory(api, caller, requests);
            var random = new Random(_extent.Random.Next());
            var request = requests.Any(random);
            Mutations.Misstate(request, random);
            var isBroken = random.Next(3) == 0;
            var bytes = isBroken ? Mutations.Break(request, random) : request.Bytes();
            try
            {
                Examine(request, bytes, isBroken ? await Caller.SendAlone(running, bytes) : [await caller.Send(bytes, request.IsHead)]);
            }
            catch (FormatException broken)
            {
                Assert.Fail($"{request.Operation}, the answer is not well formed: {broken.Message}\n{Shown(bytes)}");
            }
            Assert.True((await api.Get("/_emulator/ready")).IsSuccess);
        }
        Assert.DoesNotContain("bug in the emulator", running.Said, StringComparison.Ordinal);
        var statuses = string.Join(", ", _statuses.Select(status => string.Create(CultureInfo.InvariantCulture, $"{status.Value} x {status.Key}")));
        _extent.Report($"{requests.Count} operations; {statuses}; {_closed} closed without an answer");
    }

    [Theory]
    [InlineData(500, """{"message": "Internal failure"}""", "it says that the emulator failed")]
    [InlineData(503, """{"message": "x"}""", "it says that the emulator failed")]
    [InlineData(400, """{"message": "The JSON value could not be converted to System.String"}""", "it shows .NET's own 'System.'")]
    [InlineData(400, """{"message": "x\n   at IoTJobsEmulator.Program"}""", "it shows .NET's own '   at '")]
    [InlineData(400, """{"message": ""}""", "it has no message")]
    [InlineData(400, """{"Message": "x"}""", "it has no message")]
    [InlineData(404, "", "it is no JSON")]
    [InlineData(404, "[]", "it has no message")]
    [InlineData(404, """{"message": "x"}""", null)]
    [InlineData(501, """{"message": "x"}""", null)]
    public void A_broken_answer_is_noticed(int status, string body, string? expected) => Assert.Equal(expected, AnswerRules.Broken(
        new(status, new Dictionary<string, string> { ["x-amzn-ErrorType"] = "x", ["x-amzn-RequestId"] = "x" }, Encoding.UTF8.GetBytes(body)), isOfHead: false));

    [Theory]
    [InlineData("HTTP/1.1 200\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 0\n\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nBad header: 0\r\n\r\n")]
    public async Task An_answer_that_is_not_well_formed_is_noticed(string bytes) =>
        await Assert.ThrowsAnyAsync<FormatException>(() => RawAnswer.Read(new(new MemoryStream(Encoding.Latin1.GetBytes(bytes))), isOfHead: false));

    private static async Task TellStory(Api api, Caller caller, ValidRequests requests)
    {
        await Api.Done(api.Post("/_emulator/reset"));
        foreach (var request in requests.Story())
        {
            var answer = await caller.Send(request.Bytes(), request.IsHead);
            Assert.True(answer is { Status: 200 }, $"{request.Operation} as documented: {answer}");
        }
    }

    private void Examine(RawRequest request, byte[] bytes, IReadOnlyList<RawAnswer?> answers)
    {
        foreach (var answer in answers)
        {
            if (answer is null)
            {
                _closed++;
                continue;
            }
            _statuses[answer.Status] = _statuses.GetValueOrDefault(answer.Status) + 1;
            var broken = AnswerRules.Broken(answer, request.IsHead);
            Assert.True(broken is null, $"{request.Operation}, {broken}: {answer}\n{Shown(bytes)}");
        }
    }

    private static string Shown(byte[] bytes) =>
        $"{Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 2_000)])}\nAs base64: {Convert.ToBase64String(bytes[..Math.Min(bytes.Length, 20_000)])}";

    /// <summary>A connection that stays open as long as the emulator leaves it.</summary>
    private sealed class Caller(EmulatorProcess running) : IDisposable
    {
        /// <summary>More than any request may have: whatever the emulator still waits for, it comes.</summary>
        private const int Filler = 3 << 20;

        private TcpClient? _client;
        private ByteReader? _reader;

        public async Task<RawAnswer?> Send(byte[] bytes, bool isHead)
        {
            if (_client is null)
            {
                _client = await running.Connect();
                _client.NoDelay = true;
                _reader = new(_client.GetStream());
            }
            // Not awaited: an answer may come before all was sent, and end the connection.
            var sending = TrySend(_client.GetStream(), bytes);
            var answer = await RawAnswer.Read(_reader!, isHead);
            if (answer is null or { IsLast: true } or { Status: >= 400 and not 404 and not 409 })
                Dispose();
            await sending;
            return answer;
        }

        /// <summary>
        /// Sends bytes that may be anything, and then as much as the emulator could wait for, so that it must come to an end: no answer is waited
        /// for by time. Whatever it answers before it ends the connection is read.
        /// </summary>
        public static async Task<IReadOnlyList<RawAnswer?>> SendAlone(EmulatorProcess running, byte[] bytes)
        {
            using var client = await running.Connect();
            client.NoDelay = true;
            var stream = client.GetStream();
            var sending = SendAll();
            var (reader, isHead) = (new ByteReader(stream), bytes.AsSpan().StartsWith("HEAD "u8));
            List<RawAnswer?> answers = [];
            try
            {
                answers.Add(await RawAnswer.Read(reader, isHead));
                await sending;
                client.Client.Shutdown(SocketShutdown.Send);
                // A refused HEAD may not be known as one when it is refused: its answer has a body, behind which the connection is closed.
                while (answers[^1] is { } last && !last.IsStream && !(isHead && last.IsLast) && await RawAnswer.Read(reader, isOfHead: false) is { } next)
                    answers.Add(next);
            }
            catch (Exception cut) when (cut is SocketException || (cut is CutException && (answers.Count > 0 || reader.WasReset)))
            {
                // That nothing more will come ends the connection, within an answer, too. So does, for TCP, what the emulator has not read.
            }
            return answers.Count > 0 ? answers : [null];

            async Task SendAll()
            {
                if (!await TrySend(stream, bytes))
                    return;
                var filler = new byte[64 * 1024];
                Array.Fill(filler, (byte)'x');
                for (var rest = Filler; rest > 0 && await TrySend(stream, filler); rest -= filler.Length) { }
            }
        }

        private static async Task<bool> TrySend(NetworkStream stream, byte[] bytes)
        {
            try
            {
                await stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
                return true;
            }
            catch (Exception ended) when (ended is IOException or ObjectDisposedException)
            {
                return false;
            }
        }

        public void Dispose()
        {
            _client?.Dispose();
            _client = null;
        }
    }
}
