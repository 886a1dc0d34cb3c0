namespace IoTJobsEmulator.Storage;

/// <summary>Where the state is stored.</summary>
/// <param name="DatabaseFile">The path of the SQLite file; null for a temporary file that is removed at exit.</param>
public sealed record StorageOptions(string? DatabaseFile);
