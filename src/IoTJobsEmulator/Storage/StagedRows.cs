using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// Rows that are to replace all others. For a database file they are written beforehand to a temporary file, from which SQLite copies them in a
/// fraction of the time: it is the transaction that others wait for.
/// </summary>
public sealed class StagedRows : IDisposable
{
    private readonly DirectoryInfo? _folder;

    private StagedRows(WorldRows rows, DirectoryInfo? folder) => (Rows, _folder) = (rows, folder);

    public WorldRows Rows { get; }

    /// <summary>The file that has them; null if they have to be written one by one.</summary>
    public string? Path => _folder is null ? null : FileIn(_folder);

    /// <summary>Rows for which no answer waits.</summary>
    public static StagedRows InMemory(WorldRows rows) => new(rows, null);

    /// <summary>Writes rows to a temporary file, which is there until this is disposed of.</summary>
    /// <exception cref="StorageException">It cannot be written, because the disk is full, for example.</exception>
    public static StagedRows InFile(WorldRows rows)
    {
        DirectoryInfo? folder = null;
        try
        {
            folder = Directory.CreateTempSubdirectory("iot-jobs-emulator-");
            StateFile.Write(FileIn(folder), rows, ClockState.OfTheMachine);
            return new(rows, folder);
        }
        catch (Exception exception)
        {
            folder?.Delete(recursive: true);
            throw exception as StorageException ?? new StorageException($"The state cannot be written: {exception.Message}", exception);
        }
    }

    public void Dispose() => _folder?.Delete(recursive: true);

    private static string FileIn(DirectoryInfo folder) => System.IO.Path.Combine(folder.FullName, "state.db");
}
