namespace IoTJobsEmulator.Storage;

/// <summary>Where the state is stored.</summary>
/// <param name="DatabaseFile">The path of the SQLite file; null for a temporary file that is removed at exit.</param>
/// <param name="ImportedFile">The path of a file that an emulator without a database file loads at its start, and does not change.</param>
public sealed record StorageOptions(string? DatabaseFile, string? ImportedFile = null);
