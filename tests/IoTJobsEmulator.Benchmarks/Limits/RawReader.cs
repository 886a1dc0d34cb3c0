using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IoTJobsEmulator.Benchmarks.Limits;

/// <summary>Reads every value of every row of a database file, texts into strings, and makes nothing of them.</summary>
internal static class RawReader
{
    /// <summary>Answers how many rows there were.</summary>
    public static long ReadAll(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
        connection.Open();
        return SampleDatabase.Tables(connection).Sum(table => Read(connection, table));
    }

    private static long Read(SqliteConnection connection, string table)
    {
        if (raw.sqlite3_prepare_v2(connection.Handle, $"""SELECT * FROM "{table}" """, out var statement) != raw.SQLITE_OK)
            throw new BenchmarkException($"{table} cannot be read.");
        using (statement)
        {
            var (rows, columns) = (0L, raw.sqlite3_column_count(statement));
            for (; raw.sqlite3_step(statement) == raw.SQLITE_ROW; rows++)
                for (var column = 0; column < columns; column++)
                    if (raw.sqlite3_column_type(statement, column) == raw.SQLITE_TEXT)
                        _ = raw.sqlite3_column_text(statement, column).utf8_to_string();
                    else
                        _ = raw.sqlite3_column_int64(statement, column);
            return rows;
        }
    }
}
