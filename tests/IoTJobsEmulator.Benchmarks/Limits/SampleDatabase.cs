using System.Globalization;
using Microsoft.Data.Sqlite;

namespace IoTJobsEmulator.Benchmarks.Limits;

/// <summary>The emulator's own database file, looked into from outside: its schema, and which rows a request has written.</summary>
internal sealed class SampleDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private Dictionary<string, Row> _before = [];

    public SampleDatabase(string file)
    {
        _connection = new(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _connection.Open();
        NewChanges();
    }

    public IReadOnlyList<string> Schema => [.. Strings(_connection, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")];

    public static IReadOnlyList<string> Tables(SqliteConnection connection) =>
        [.. Strings(connection, "SELECT name FROM sqlite_master WHERE type = 'table'")];

    /// <summary>What has changed since this was asked last.</summary>
    public IReadOnlyList<RowChange> NewChanges()
    {
        var now = Tables(_connection).SelectMany(Rows).ToDictionary(row => row.Id);
        var changes = now.Values
            .Where(row => !_before.TryGetValue(row.Id, out var before) || !before.Others.SequenceEqual(row.Others))
            .Select(row => _before.TryGetValue(row.Id, out var before)
                ? new RowChange(row.Table, row.Key, [.. row.Others.Except(before.Others)])
                : new RowChange(row.Table, row.Key, row.Others) { IsNew = true })
            .ToList();
        _before = now;
        return changes;
    }

    public void Dispose() => _connection.Dispose();

    private IEnumerable<Row> Rows(string table)
    {
        var key = Strings(_connection, $"SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk").ToHashSet();
        using var command = _connection.CreateCommand();
        command.CommandText = $"""SELECT * FROM "{table}" """;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var values = Enumerable.Range(0, reader.FieldCount).Select(i => new RowValue(reader.GetName(i), reader.GetValue(i) as string, reader.GetValue(i) as long?)).ToLookup(value => key.Contains(value.Column));
            yield return new(table, [.. values[true]], [.. values[false]]);
        }
    }

    private static IEnumerable<string> Strings(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return reader.GetString(0);
    }

    private sealed record Row(string Table, IReadOnlyList<RowValue> Key, IReadOnlyList<RowValue> Others)
    {
        public string Id { get; } = string.Join('\n', Key.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Text}{value.Number}")).Prepend(Table));
    }
}
