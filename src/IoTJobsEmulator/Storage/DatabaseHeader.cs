using System.Buffers.Binary;

namespace IoTJobsEmulator.Storage;

/// <summary>The first bytes of a file, from which follows, before SQLite opens it, whether this version of the emulator wrote it.</summary>
/// <remarks>https://www.sqlite.org/fileformat.html, "The Database Header".</remarks>
internal static class DatabaseHeader
{
    /// <summary>How many bytes it has.</summary>
    public const int Length = 100;

    /// <summary>The header of a file that is open, or as much as the file has of it.</summary>
    public static byte[] Read(FileStream database)
    {
        var header = new byte[Length];
        return header[..database.ReadAtLeast(header, header.Length, throwOnEndOfStream: false)];
    }

    /// <summary>Why the emulator cannot use the file, to be read after its name; null if it can.</summary>
    public static string? FindRefusal(byte[] header)
    {
        if (FindStranger(header) is { } stranger)
            return stranger;
        var version = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(60));
        return version == StoredSchema.Version
            ? null
            : $"was written by another version of the emulator (its schema is {version:x8}, this one's is {StoredSchema.Version:x8})";
    }

    /// <summary>Why no version of the emulator has written the file; null if one has.</summary>
    public static string? FindStranger(byte[] header)
    {
        if (header.Length < Length || !header.AsSpan().StartsWith("SQLite format 3\0"u8))
            return "is not an SQLite database";
        return BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(68)) == StoredTables.ApplicationId ? null : "is a database of some other program";
    }
}
