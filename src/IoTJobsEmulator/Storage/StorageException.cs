namespace IoTJobsEmulator.Storage;

/// <summary>Why a database file cannot be used. The message is shown to the user who started the emulator.</summary>
public sealed class StorageException(string message, Exception? cause = null) : Exception(message, cause);
