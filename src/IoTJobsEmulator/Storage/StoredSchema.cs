using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// The statements with which EF Core creates the tables of <see cref="JobsDb"/>, stored in <c>schema.sql</c>, because to build EF's model takes
/// longer than the rest of a start, and 30 MB. A test compares them with the model; it writes the file when IOT_JOBS_WRITE_SCHEMA is set.
/// </summary>
internal static class StoredSchema
{
    private const string VersionIs = "PRAGMA user_version = ";

    /// <summary>Creates the tables in a file that has none, in one transaction.</summary>
    public static string Script { get; } = Read();

    /// <summary>SQLite's user_version of the file: see <see cref="JobsDb.SchemaVersion"/>.</summary>
    public static int Version { get; } = int.Parse(Script.Split(VersionIs)[1].Split(';')[0], CultureInfo.InvariantCulture);

    /// <summary>The script that follows from the model.</summary>
    public static string Of(JobsDb db) => string.Create(CultureInfo.InvariantCulture, $"""
        BEGIN EXCLUSIVE;

        {db.Database.GenerateCreateScript().ReplaceLineEndings("\n").Trim()}

        PRAGMA application_id = {StoredTables.ApplicationId};
        {VersionIs}{db.SchemaVersion};
        COMMIT;

        """);

    private static string Read()
    {
        using var stored = new StreamReader(typeof(StoredSchema).Assembly.GetManifestResourceStream("schema.sql")!);
        return stored.ReadToEnd();
    }
}
