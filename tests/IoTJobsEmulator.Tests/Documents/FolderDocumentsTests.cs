using System.Diagnostics;
using System.Text;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.Tests.Storage;

namespace IoTJobsEmulator.Tests.Documents;

/// <summary>The folder that stands for S3: what of the file system it reads and writes.</summary>
public sealed class FolderDocumentsTests : IDisposable
{
    private readonly Folder _folder = new();
    private readonly FolderDocuments _documents;

    public FolderDocumentsTests()
    {
        Directory.CreateDirectory(_folder["objects/firmware/jobs"]);
        Directory.CreateDirectory(_folder["outside"]);
        File.WriteAllText(_folder["outside/secret.json"], "secret");
        File.WriteAllText(_folder["objects/firmware/jobs/update.json"], "update");
        _documents = new(_folder["objects"], "secret");
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _documents.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_link_that_leads_outside_has_no_object()
    {
        File.CreateSymbolicLink(_folder["objects/firmware/file.json"], _folder["outside/secret.json"]);
        File.CreateSymbolicLink(_folder["objects/firmware/relative.json"], "../../outside/secret.json");
        File.CreateSymbolicLink(_folder["objects/firmware/chain.json"], "relative.json");
        File.CreateSymbolicLink(_folder["objects/firmware/loop.json"], "loop.json");
        File.CreateSymbolicLink(_folder["objects/firmware/dangling.json"], _folder["outside/new.json"]);
        Directory.CreateSymbolicLink(_folder["objects/firmware/folder"], _folder["outside"]);
        Directory.CreateSymbolicLink(_folder["objects/bucket"], _folder["outside"]);
        Directory.CreateSymbolicLink(_folder["objects/parent"], "..");

        foreach (var (bucket, key) in new[] { ("firmware", "file.json"), ("firmware", "relative.json"), ("firmware", "chain.json"), ("firmware", "loop.json"), ("firmware", "dangling.json"),
            ("firmware", "folder/secret.json"), ("firmware", "folder/new.json"), ("bucket", "secret.json"), ("parent", "outside/secret.json") })
        {
            Assert.Null(_documents.Open(new(bucket, key)));
            Assert.Null(await _documents.Read($"s3://{bucket}/{key}", Cancelled));
            Assert.Equal(S3Error.NoSuchKey, await Refused(new(bucket, key), "changed"));
        }
        Assert.Equal("secret", await File.ReadAllTextAsync(_folder["outside/secret.json"], Cancelled));
        Assert.Single(Directory.GetFiles(_folder["outside"]));
    }

    [Fact]
    public async Task A_link_that_stays_inside_is_followed()
    {
        File.CreateSymbolicLink(_folder["objects/firmware/newest.json"], "jobs/update.json");
        Directory.CreateSymbolicLink(_folder["objects/same"], _folder["objects/firmware"]);
        Directory.CreateSymbolicLink(_folder["link"], _folder["objects"]);
        using var throughLink = new FolderDocuments(_folder["link"], "secret");

        Assert.Equal("update", await Text(_documents, "s3://firmware/newest.json"));
        Assert.Equal("update", await Text(_documents, "s3://same/jobs/update.json"));
        Assert.Equal("update", await Text(throughLink, "s3://firmware/jobs/update.json"));
        await Write(new("firmware", "newest.json"), "changed");
        Assert.Equal("changed", await File.ReadAllTextAsync(_folder["objects/firmware/jobs/update.json"], Cancelled));
        Assert.NotNull(new FileInfo(_folder["objects/firmware/newest.json"]).LinkTarget);
    }

    /// <summary>Opening a pipe that nobody writes to never ends.</summary>
    [Fact]
    public async Task A_pipe_is_not_opened()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes among its files.");
        using (var mkfifo = Process.Start("mkfifo", _folder["objects/firmware/pipe"]))
            await mkfifo.WaitForExitAsync(Cancelled);

        Assert.Equal("", await Text(_documents, "s3://firmware/pipe"));
        Assert.Same(Stream.Null, _documents.Open(new("firmware", "pipe"))!.Value.Content);
        await Write(new("firmware", "pipe"), "a file now");
        Assert.Equal("a file now", await Text(_documents, "s3://firmware/pipe"));
    }

    [Theory]
    [InlineData("firmware", "jobs")]
    [InlineData("firmware", "jobs/update.json/below")]
    [InlineData("firmware", "jobs/../jobs/update.json")]
    [InlineData("firmware", "./jobs/update.json")]
    [InlineData("firmware", "jobs//update.json")]
    [InlineData("firmware", "/jobs/update.json")]
    [InlineData("firmware", "jobs/update.json/")]
    [InlineData("firmware", "jobs\\update.json")]
    [InlineData("firmware", "jobs/update.json\0")]
    [InlineData("firmware", "jobs/update.json\n")]
    [InlineData("firmware", "jobs/update.json:stream")]
    [InlineData("..", "outside/secret.json")]
    [InlineData("Firmware", "jobs/update.json")]
    [InlineData("127.0.0.1", "jobs/update.json")]
    public void A_name_that_no_object_has_is_not_found(string bucket, string key) => Assert.Null(_documents.Open(new(bucket, key)));

    [Fact]
    public async Task A_name_can_be_too_long()
    {
        Assert.Equal(S3Error.KeyTooLong, await Refused(new("firmware", new string('x', 1025)), "x"));
        Assert.Equal(S3Error.KeyTooLong, await Refused(new("firmware", new string('x', 300)), "x"));
        Assert.Null(_documents.Open(new("firmware", new string('x', 300))));
    }

    [Fact]
    public async Task An_object_cannot_be_a_folder_nor_lie_below_an_object()
    {
        Assert.Equal(S3Error.FolderAndObject, await Refused(new("firmware", "jobs"), "x"));
        Assert.Equal(S3Error.FolderAndObject, await Refused(new("firmware", "jobs/update.json/below"), "x"));
        Assert.Equal(S3Error.FolderAndObject, await Refused(new("firmware", "jobs/update.json/a/b"), "x"));
        Assert.Equal("update", await Text(_documents, "s3://firmware/jobs/update.json"));
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_the_object_as_it_was()
    {
        var content = new Content(1000, breaksOff: true);
        await Assert.ThrowsAsync<EndOfStreamException>(() => _documents.Write(new("firmware", "jobs/update.json"), content, Cancelled));

        Assert.Equal("update", await Text(_documents, "s3://firmware/jobs/update.json"));
        Assert.Equal(["update.json"], Directory.GetFiles(_folder["objects/firmware/jobs"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task An_upload_that_is_too_large_is_refused()
    {
        Assert.Equal(S3Error.EntityTooLarge, await Refused(new("firmware", "jobs/update.json"), new Content(FolderDocuments.MaxObjectBytes + 1)));
        Assert.Equal("update", await Text(_documents, "s3://firmware/jobs/update.json"));
        Assert.Single(Directory.GetFiles(_folder["objects/firmware/jobs"]));
    }

    [Fact]
    public async Task Uploads_at_once_are_limited()
    {
        var endless = Enumerable.Range(0, FolderDocuments.MaxUploads).Select(_ => new WaitingContent()).ToList();
        var running = endless.Select((content, i) => _documents.Write(new("firmware", $"{i}"), content, Cancelled)).ToList();

        Assert.Equal(S3Error.SlowDown, await Refused(new("firmware", "more"), "x"));
        endless[0].End();
        await running[0];
        await Write(new("firmware", "more"), "x");

        endless.ForEach(content => content.End());
        await Task.WhenAll(running);
        Assert.Equal(FolderDocuments.MaxUploads + 1, Directory.GetFiles(_folder["objects/firmware"]).Length);
    }

    [Fact]
    public async Task No_more_of_a_large_object_is_read_than_shows_that_it_is_too_large()
    {
        await File.WriteAllBytesAsync(_folder["objects/firmware/large"], new byte[1 << 20], Cancelled);
        Assert.Equal(FetchedDocument.MaxBytes + 1, (await _documents.Read("s3://firmware/large", Cancelled))!.Length);
    }

    [Theory]
    [InlineData("size=64k", 503, "ServiceUnavailable")]
    [InlineData("size=64k,ro", 403, "AccessDenied")]
    public async Task A_full_or_read_only_disk_has_an_error_of_S3(string options, int status, string code)
    {
        var disk = Directory.CreateDirectory(_folder["objects/disk"]).FullName;
        Assert.SkipUnless(await Succeeds("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk), "Only root may make a small disk.");
        try
        {
            var error = await Refused(new("disk", "a/b"), new Content(1 << 20));
            Assert.Equal((status, code), (error!.Status, error.Code));
            Assert.Empty(Directory.GetFiles(disk, "*", SearchOption.AllDirectories));
        }
        finally
        {
            Assert.True(await Succeeds("umount", disk));
        }
    }

    [Fact]
    public void Faults_of_the_file_system_have_errors_of_S3()
    {
        Assert.Equal(S3Error.AccessDenied, S3Error.Of(new UnauthorizedAccessException()));
        Assert.Equal(S3Error.NoSuchKey, S3Error.Of(new DirectoryNotFoundException()));
        Assert.Equal(S3Error.Unavailable, S3Error.Of(new IOException()));
    }

    private static async Task<bool> Succeeds(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(Cancelled);
        return process.ExitCode == 0;
    }

    private static async Task<string?> Text(FolderDocuments documents, string link) =>
        await documents.Read(link, Cancelled) is { } content ? Encoding.UTF8.GetString(content) : null;

    private Task Write(S3Object target, string text) => _documents.Write(target, new MemoryStream(Encoding.UTF8.GetBytes(text)), Cancelled);

    private Task<S3Error?> Refused(S3Object target, string text) => Refused(target, new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private async Task<S3Error?> Refused(S3Object target, Stream content) =>
        (await Assert.ThrowsAsync<S3Exception>(() => _documents.Write(target, content, Cancelled))).Error;

    /// <summary>So many zeros, after which the sender may be gone.</summary>
    private sealed class Content(long length, bool breaksOff = false) : ReadOnlyContent
    {
        private long _left = length;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left == 0 && breaksOff)
                throw new EndOfStreamException();
            var read = (int)Math.Min(_left, buffer.Length);
            buffer.Span[..read].Clear();
            _left -= read;
            return ValueTask.FromResult(read);
        }
    }

    /// <summary>A sender who takes as long as the test says.</summary>
    private sealed class WaitingContent : ReadOnlyContent
    {
        private readonly TaskCompletionSource<int> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void End() => _end.TrySetResult(0);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(_end.Task);
    }

    private abstract class ReadOnlyContent : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
