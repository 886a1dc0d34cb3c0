using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>What holds for all uses of SQLite in the process.</summary>
public static class SqliteLibrary
{
    /// <summary>
    /// Turns off SQLite's mutexes and memory statistics, so that it takes no lock for each value that is bound or read: one thread at
    /// a time uses a connection. Takes effect only before the first use of SQLite in the process. Only a process that is the emulator's own
    /// may do this: other code may use one connection on several threads.
    /// </summary>
    public static void TakeNoLocks()
    {
        Batteries_V2.Init();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }
}
