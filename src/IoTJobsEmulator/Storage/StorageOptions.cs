namespace IoTJobsEmulator.Storage;

/// <summary>Where the state lives: in a file that is kept, or, without one, in a private file that is gone at exit.</summary>
public sealed record StorageOptions(string? DatabaseFile);
