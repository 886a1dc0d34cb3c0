using System.Globalization;
using IoTJobsEmulator.Benchmarks.Servers;
using IoTJobsEmulator.Benchmarks.Workloads;
using Microsoft.Data.Sqlite;

namespace IoTJobsEmulator.Benchmarks.Limits;

/// <summary>
/// The emulator's tables with a fleet in them, and one statement where the emulator has turns: what SQLite needs for the same rows.
/// The file is opened as the emulator opens its own in this mode.
/// </summary>
internal sealed class FleetTables : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly string _insert, _delete;

    public FleetTables(Bench bench, string mode, int things)
    {
        var (schema, membership, execution) = Learn(bench);
        _connection = new(new SqliteConnectionStringBuilder { DataSource = bench.Published.NewFile(".db"), Pooling = false }.ToString());
        _connection.Open();
        foreach (var statement in schema)
            Execute(statement);
        Execute(mode == Mode.Database
            ? "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"
            : "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE");
        Execute(string.Create(CultureInfo.InvariantCulture, $"""
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {things})
            {Insert(membership, "printf('pump-%08d', n)", "n")} FROM numbers
            """));
        var ofTheJob = execution.Key.Where(value => value.Column is "Account" or "Region" or "JobId");
        _delete = $"""DELETE FROM "JobExecutions" WHERE {string.Join(" AND ", ofTheJob.Select(value => $"\"{value.Column}\" = '{value.Text}'"))}""";
        _insert = Insert(execution, "\"ThingName\"", "\"Ordinal\"") + " FROM \"Memberships\"";
    }

    /// <summary>Queues the executions of a job for the whole fleet.</summary>
    public void InsertExecutions() => Execute(_insert);

    /// <summary>Deletes the executions of that job, which stand together.</summary>
    public void DeleteExecutions() => Execute(_delete);

    public void Dispose() => _connection.Dispose();

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>An INSERT of a row as the emulator wrote it, for other things.</summary>
    private static string Insert(RowChange row, string thingName, string ordinal)
    {
        var values = row.All.Select(value => value switch
        {
            { Column: "Ordinal" } => ordinal,
            { Text: LimitServer.SampleThing } => thingName,
            { Text: { } text } => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
            { Number: { } number } => number.ToString(CultureInfo.InvariantCulture),
            _ => "NULL",
        });
        return $"""INSERT INTO "{row.Table}" ({string.Join(", ", row.All.Select(value => $"\"{value.Column}\""))}) SELECT {string.Join(", ", values)}""";
    }

    private static (IReadOnlyList<string> Schema, RowChange Membership, RowChange Execution) Learn(Bench bench)
    {
        var file = bench.Published.NewFile(".db");
        using var emulator = ServerProcess.Emulator(bench.Published, file);
        using var api = emulator.Api();
        using var database = new SampleDatabase(file);
        var thingArn = api.CreateThing(LimitServer.SampleThing);
        api.Control("POST", $"/thing-groups/{Fleet.Group}", "{}");
        api.Control("PUT", "/thing-groups/addThingToThingGroup", $$"""{"thingGroupName":"{{Fleet.Group}}","thingName":"{{LimitServer.SampleThing}}"}""");
        api.CreateJob(LimitServer.SampleJob, thingArn);
        var changes = database.NewChanges();
        return (database.Schema, changes.Single(row => row.Table == "Memberships"), changes.Single(row => row.Table == "JobExecutions"));
    }
}
