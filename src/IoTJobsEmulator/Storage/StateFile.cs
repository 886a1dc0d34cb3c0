using IoTJobsEmulator.Core.State;
using Microsoft.Data.Sqlite;

namespace IoTJobsEmulator.Storage;

/// <summary>The world in a file that can be kept, moved and loaded elsewhere, in the form of a database file. No MQTT sessions are in it.</summary>
public static class StateFile
{
    /// <summary>Writes a world to a new file.</summary>
    /// <exception cref="StorageException">It cannot be written, because the disk is full, for example.</exception>
    public static void Write(string path, WorldRows world, ClockState clock)
    {
        try
        {
            using var file = DatabaseFile.OpenPrivate(path);
            file.Write(world, clock);
        }
        catch (Exception exception) when (IsOfDisk(exception))
        {
            throw new StorageException($"The state cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>Fills an empty world from a file, which is written to. Answers the clock, or null if it was never set.</summary>
    /// <param name="path">The file, which nobody else has open.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="world">The world.</param>
    /// <exception cref="StorageException">It is not a state of this version of the emulator, or is damaged: the message says so.</exception>
    public static ClockState? Load(string path, string name, World world)
    {
        try
        {
            using (var file = File.OpenRead(path))
            {
                if (DatabaseHeader.FindRefusal(DatabaseHeader.Read(file)) is { } reason)
                    throw new StorageException($"{name} {reason}.");
            }
            using var database = DatabaseFile.OpenPrivate(path, name);
            return database.HasOwnTablesOnly ? database.Load(world) : throw new StorageException($"{name} has other tables than those of the emulator.");
        }
        // What fails while the indexes of a table are filled in parallel arrives in an AggregateException.
        catch (Exception exception) when (exception is not StorageException)
        {
            throw new StorageException($"{name} cannot be read: {exception.GetBaseException().Message}", exception);
        }
    }

    /// <summary>Fills an empty world from a file that is left as it is. What the emulator that wrote it had in its <c>-wal</c> when it was killed is there, too.</summary>
    /// <inheritdoc cref="Load"/>
    public static ClockState? Import(string path, World world)
    {
        if (DatabaseLock.HolderOf(path) is { } holder)
            throw new StorageException($"'{path}' is in use by another emulator, {holder}: GET /_emulator/state answers with its state.");
        DirectoryInfo? folder = null;
        try
        {
            folder = Directory.CreateTempSubdirectory("iot-jobs-emulator-");
            var copy = Path.Combine(folder.FullName, "state.db");
            File.Copy(path, copy);
            if (File.Exists(path + "-wal"))
                File.Copy(path + "-wal", copy + "-wal");
            return Load(copy, $"'{path}'", world);
        }
        catch (Exception exception) when (IsOfDisk(exception))
        {
            throw new StorageException($"'{path}' cannot be read: {exception.Message}", exception);
        }
        finally
        {
            folder?.Delete(recursive: true);
        }
    }

    /// <summary>Looks, before there is anything to lose, whether a state can be exported to a file.</summary>
    /// <exception cref="StorageException">Its folder does not exist, or the file that is there must not be replaced.</exception>
    public static void CheckExport(string path)
    {
        if (Directory.Exists(path))
            throw CannotExport(path, "it is a folder");
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            throw CannotExport(path, "its folder does not exist");
        if (!File.Exists(path))
            return;
        if (File.Exists(path + "-wal"))
            throw CannotExport(path, "it is a database that is open, or was not closed");
        using var file = File.OpenRead(path);
        if (file.Length > 0 && DatabaseHeader.FindStranger(DatabaseHeader.Read(file)) is { } stranger)
            throw CannotExport(path, $"the file that is there {stranger}");
    }

    /// <summary>Writes a world to a file, or replaces the one that is there, whole or not at all. It is on the disk when this returns.</summary>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public static void Export(string path, WorldRows world, ClockState clock)
    {
        CheckExport(path);
        var unfinished = path + ".new";
        try
        {
            File.Delete(unfinished);
            Write(unfinished, world, clock);
            using (var written = new FileStream(unfinished, FileMode.Open, FileAccess.Write))
                written.Flush(flushToDisk: true);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception exception) when (exception is StorageException || IsOfDisk(exception))
        {
            File.Delete(unfinished);
            throw CannotExport(path, exception.Message, exception);
        }
    }

    private static StorageException CannotExport(string path, string reason, Exception? cause = null) =>
        new($"The state cannot be exported to '{path}': {reason}.", cause);

    private static bool IsOfDisk(Exception exception) => exception is SqliteException or IOException or UnauthorizedAccessException;
}
