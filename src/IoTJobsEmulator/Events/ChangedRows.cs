using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Events;

/// <summary>Finds what a turn has changed, a row that was changed several times once. For one thread at a time: its lists serve turn after turn.</summary>
internal sealed class ChangedRows
{
    /// <summary>With more changes an earlier version of a row is found by a dictionary.</summary>
    private const int FewChanges = 32;

    /// <summary>After a turn with more changes the lists are not kept.</summary>
    private const int MostKept = 1_000;

    private Dictionary<object, int> _places = new(ReferenceEqualityComparer.Instance);
    private List<(object? Before, object? After)> _whole = [];
    private List<LoggedRow> _rows = [];

    /// <summary>What is shown of each row of which there is an event, in the order of the last changes.</summary>
    public LoggedRow[] In(IReadOnlyList<RowChange> changes)
    {
        FindWhole(changes);
        foreach (var (before, after) in _whole)
        {
            if (LoggedRow.Of(before, after) is { } row)
                _rows.Add(row);
        }
        LoggedRow[] rows = [.. _rows];
        if (changes.Count > MostKept)
            (_places, _whole, _rows) = (new(ReferenceEqualityComparer.Instance), [], []);
        _places.Clear();
        _whole.Clear();
        _rows.Clear();
        return rows;
    }

    /// <summary>
    /// Each changed row as it was before the turn and as it is after it. In the places of earlier changes of a row there is nothing. What a change
    /// leaves is the very object that the next change of that row begins with.
    /// </summary>
    private void FindWhole(IReadOnlyList<RowChange> changes)
    {
        var places = changes.Count > FewChanges ? _places : null;
        for (var i = 0; i < changes.Count; i++)
        {
            if (!LoggedRow.HasEvents(changes[i]))
                continue;
            var (before, after) = (changes[i].RowBefore, changes[i].RowAfter);
            if (before is not null && PlaceOf(before, places) is >= 0 and var earlier)
            {
                before = _whole[earlier].Before;
                _whole[earlier] = default;
            }
            if (after is not null)
                places?.Add(after, _whole.Count);
            _whole.Add((before, after));
        }
    }

    /// <summary>Where a change has left a row; -1 for none.</summary>
    private int PlaceOf(object row, Dictionary<object, int>? places)
    {
        if (places is not null)
            return places.GetValueOrDefault(row, -1);
        var place = _whole.Count - 1;
        while (place >= 0 && !ReferenceEquals(_whole[place].After, row))
            place--;
        return place;
    }
}
