namespace IoTJobsEmulator.Turns;

/// <summary>The commits that bulk work has not waited for yet. Many turns share one.</summary>
internal sealed class PendingCommits
{
    private List<Task<bool>> _commits = [];

    public void Add(Task<bool> committed)
    {
        if (_commits.Count == 0 || _commits[^1] != committed)
            _commits.Add(committed);
    }

    /// <summary>Hands out the commits and forgets them.</summary>
    public IReadOnlyList<Task<bool>> Take()
    {
        var taken = _commits;
        _commits = [];
        return taken;
    }
}
