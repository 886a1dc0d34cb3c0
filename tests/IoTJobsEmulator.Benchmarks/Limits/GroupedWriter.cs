using Microsoft.Data.Sqlite;

namespace IoTJobsEmulator.Benchmarks.Limits;

/// <summary>Writes rows with prepared statements on a thread of its own: whoever waits at the same time shares a transaction.</summary>
internal sealed class GroupedWriter : IDisposable
{
    private readonly object _sync = new();
    private readonly SqliteConnection _connection;
    private readonly Statement _begin, _commit;
    private readonly IReadOnlyList<string> _tables;

    /// <summary>How much is added to the Ordinals of the sample's rows, for each job. Used by the thread that writes.</summary>
    private readonly Dictionary<string, long> _ordinals = [];

    private List<Request> _waiting = [], _writing = [];

    public GroupedWriter(string database, IReadOnlyList<string> schema)
    {
        _connection = new(new SqliteConnectionStringBuilder { DataSource = database, Pooling = false }.ToString());
        _connection.Open();
        foreach (var statement in schema)
            Execute(statement);
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = NORMAL");
        (_begin, _commit) = (new(_connection, "BEGIN IMMEDIATE"), new(_connection, "COMMIT"));
        _tables = SampleDatabase.Tables(_connection);
        new Thread(Run) { IsBackground = true }.Start();
    }

    public Recipe Prepare(IReadOnlyList<RowChange> rows, string sampleJob, string sampleThing) =>
        new([.. rows.Select(row => new RowStatement(new(_connection, row.Sql), row, sampleJob, sampleThing))]);

    /// <summary>Completes when the rows are committed.</summary>
    public Task Write(Recipe recipe, string jobId, string thingName) => Hand(new(() => recipe.Run(jobId, thingName, OrdinalOf(jobId))));

    /// <summary>Empties all tables.</summary>
    public Task Clear() => Hand(new(() =>
    {
        foreach (var table in _tables)
            Execute($"""DELETE FROM "{table}" """);
    }));

    /// <summary>Closes the file; what then waits is lost, as with the process.</summary>
    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _connection.Dispose();
    }

    private long OrdinalOf(string jobId)
    {
        const long MoreThanTheSampleHas = 1_000;
        if (!_ordinals.TryGetValue(jobId, out var ordinal))
            _ordinals.Add(jobId, ordinal = (_ordinals.Count + 1) * MoreThanTheSampleHas);
        return ordinal;
    }

    private Task Hand(Request request)
    {
        lock (_sync)
        {
            if (_waiting.Count == 0)
                Monitor.Pulse(_sync);
            _waiting.Add(request);
        }
        return request.Done.Task;
    }

    private void Run()
    {
        while (true)
        {
            lock (_sync)
            {
                while (_waiting.Count == 0)
                    Monitor.Wait(_sync);
                (_waiting, _writing) = (_writing, _waiting);
            }
            _begin.Run();
            foreach (var request in _writing)
                request.Write();
            _commit.Run();
            foreach (var request in _writing)
                request.Done.SetResult();
            _writing.Clear();
        }
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed record Request(Action Write)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>The rows of one request, ready to be written under other names.</summary>
internal sealed record Recipe(IReadOnlyList<RowStatement> Rows)
{
    /// <param name="jobId">The job that takes the place of the sample's.</param>
    /// <param name="thingName">The thing that takes the place of the sample's.</param>
    /// <param name="ordinal">How much is added to the Ordinals of the sample's rows: those of two jobs must differ.</param>
    public void Run(string jobId, string thingName, long ordinal)
    {
        foreach (var row in Rows)
            row.Run(jobId, thingName, ordinal);
    }
}

/// <summary>One row of it.</summary>
internal sealed class RowStatement(Statement statement, RowChange row, string sampleJob, string sampleThing)
{
    private readonly RowValue[] _values = [.. row.Parameters];

    public void Run(string jobId, string thingName, long ordinal)
    {
        for (var i = 0; i < _values.Length; i++)
            if (_values[i].Text is { } text)
                statement.Bind(i + 1, text == sampleJob ? jobId : text == sampleThing ? thingName : text);
            else if (_values[i].Number is { } number)
                statement.Bind(i + 1, _values[i].Column == "Ordinal" ? number + ordinal : number);
        statement.RunChangingARow();
    }
}
