using IoTJobsEmulator.Core;

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

    /// <summary>Forgets the commits that were made, as far as they are known by now.</summary>
    /// <exception cref="ServiceException">One could not be made: what was not committed by then is undone.</exception>
    public void ForgetMade()
    {
        var made = 0;
        while (made < _commits.Count && _commits[made].IsCompleted)
        {
            if (!_commits[made++].Result)
                throw NotCommitted();
        }
        _commits.RemoveRange(0, made);
    }

    /// <summary>Completes when all commits are made, and forgets them.</summary>
    /// <exception cref="ServiceException">One could not be made: what was not committed by then is undone.</exception>
    public async ValueTask EnsureMade()
    {
        if (Array.Exists(await Task.WhenAll(Take()), committed => !committed))
            throw NotCommitted();
    }

    /// <summary>Hands out the commits and forgets them.</summary>
    private List<Task<bool>> Take()
    {
        var taken = _commits;
        _commits = [];
        return taken;
    }

    private static ServiceException NotCommitted() =>
        ServiceError.ServiceUnavailable.Because("The database could not be written. What was not committed by then is undone.");
}
