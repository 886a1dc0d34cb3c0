namespace IoTJobsEmulator.Benchmarks.Limits;

/// <summary>
/// A row that a request writes, as the emulator wrote it: its columns and values. Where a value is the name of the sample's job or
/// thing, another name takes its place.
/// </summary>
internal sealed record RowChange(string Table, IReadOnlyList<RowValue> Key, IReadOnlyList<RowValue> Others)
{
    /// <summary>Whether the row was not there before.</summary>
    public bool IsNew { get; init; }

    public IEnumerable<RowValue> All => Key.Concat(Others);

    /// <summary>An INSERT of the new row, or an UPDATE of what changed in it.</summary>
    public string Sql => IsNew
        ? $"""INSERT INTO "{Table}" ({string.Join(", ", All.Select(value => $"\"{value.Column}\""))}) VALUES ({string.Join(", ", All.Select(_ => "?"))})"""
        : $"""UPDATE "{Table}" SET {string.Join(", ", Others.Select(value => $"\"{value.Column}\" = ?"))} WHERE {string.Join(" AND ", Key.Select(value => $"\"{value.Column}\" = ?"))}""";

    /// <summary>The values in the order of the statement's parameters.</summary>
    public IEnumerable<RowValue> Parameters => IsNew ? All : Others.Concat(Key);
}

/// <summary>A value of a row: a text, a number or null.</summary>
internal sealed record RowValue(string Column, string? Text, long? Number);
