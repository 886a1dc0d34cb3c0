using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Storage;

namespace IoTJobsEmulator.Turns;

/// <summary>
/// The whole world as an SQLite file, in the form of a database file: written as of one turn, while other turns go on, and read to replace the
/// world in one turn. The settings are not in it, nor are MQTT sessions and messages.
/// </summary>
public sealed class StateFiles(WorldReplacement replacement) : IDisposable
{
    /// <summary>The longest file that is read.</summary>
    public const long MaxBytes = 1L << 30;

    /// <summary>How many files may be written and read at once, those included that are being sent.</summary>
    public const int AtOnce = 4;

    private const int CopyBytes = 1 << 16;

    private const string FileName = "The file";

    private readonly SemaphoreSlim _places = new(AtOnce);

    /// <summary>Writes the world into a temporary file, which is gone when it is closed. It has what was committed.</summary>
    /// <exception cref="ServiceException">Throttling: too many are written or read. ServiceUnavailable: the file, or the database, could not be written.</exception>
    public async ValueTask<Stream> Download()
    {
        var folder = Enter();
        try
        {
            var snapshot = await replacement.TakeSnapshot();
            var path = Path.Combine(folder.FullName, "state.db");
            await OwnThread.Run(() =>
            {
                StateFile.Write(path, snapshot.Rows, snapshot.Clock);
                return path;
            });
            return new TemporaryFile(path, () => Leave(folder));
        }
        catch (Exception exception)
        {
            Leave(folder);
            throw exception is StorageException or IOException ? ServiceError.ServiceUnavailable.Because(exception.Message) : exception;
        }
    }

    /// <summary>Replaces the world by that of a file. Completes when that is committed, and answers how many rows it has.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="aborted">The caller has gone: nothing changes.</param>
    /// <exception cref="ServiceException">
    /// InvalidRequest: the file is too long, damaged, or no state of this version of the emulator. Throttling: too many are written or read.
    /// ServiceUnavailable: the file, or the database, could not be written. Nothing has changed.
    /// </exception>
    public async ValueTask<int> Upload(Stream file, CancellationToken aborted)
    {
        var folder = Enter();
        try
        {
            var path = Path.Combine(folder.FullName, "state.db");
            await Copy(file, path, aborted);
            var loaded = World.OfRows();
            var clock = await OwnThread.Run(() => StateFile.Load(path, FileName, loaded));
            var snapshot = WorldSnapshot.Of(loaded, clock ?? ClockState.OfTheMachine);
            await replacement.Restore(snapshot, aborted, loaded);
            return snapshot.Rows.Count;
        }
        catch (StorageException refusal)
        {
            throw ServiceError.InvalidRequest.Because(refusal.Message);
        }
        finally
        {
            Leave(folder);
        }
    }

    /// <summary>Writes the world to a file, or replaces the one that is there, whole or not at all.</summary>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public void Export(string path)
    {
        var snapshot = replacement.TakeSnapshot().AsTask().GetAwaiter().GetResult();
        StateFile.Export(path, snapshot.Rows, snapshot.Clock);
    }

    public void Dispose() => _places.Dispose();

    private DirectoryInfo Enter()
    {
        if (!_places.Wait(0))
            throw ServiceError.Throttling.Because($"At most {AtOnce} state files are written and read at once");
        try
        {
            return Directory.CreateTempSubdirectory("iot-jobs-emulator-");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _places.Release();
            throw ServiceError.ServiceUnavailable.Because($"The state cannot be written: {exception.Message}");
        }
    }

    private void Leave(DirectoryInfo folder)
    {
        folder.Delete(recursive: true);
        _places.Release();
    }

    private static async Task Copy(Stream from, string path, CancellationToken aborted)
    {
        await using var to = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 });
        var buffer = new byte[CopyBytes];
        var isFirst = true;
        for (var total = 0L; await from.ReadAtLeastAsync(buffer, DatabaseHeader.Length, throwOnEndOfStream: false, aborted) is var read && (read > 0 || isFirst); isFirst = false)
        {
            // Before the rest is waited for.
            if (isFirst && DatabaseHeader.FindRefusal(buffer[..Math.Min(read, DatabaseHeader.Length)]) is { } reason)
                throw new StorageException($"{FileName} {reason}.");
            if ((total += read) > MaxBytes)
                throw ServiceError.InvalidRequest.Because($"The file is longer than {MaxBytes} bytes.");
            try
            {
                await to.WriteAsync(buffer.AsMemory(0, read), aborted);
            }
            catch (IOException full)
            {
                throw ServiceError.ServiceUnavailable.Because($"The state cannot be written: {full.Message}");
            }
        }
    }

    private sealed class TemporaryFile(string path, Action closed) : FileStream(path, FileMode.Open, FileAccess.Read)
    {
        private Action? _closed = closed;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            Interlocked.Exchange(ref _closed, null)?.Invoke();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            Dispose(true);
        }
    }
}
