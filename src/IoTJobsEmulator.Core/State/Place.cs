using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.Core.State;

// What rows are found by, grouped by and ordered by are structs of this assembly: over tuples or numbers of .NET, tables and indexes would be compiled
// at run time.

/// <summary>A name or an id.</summary>
public readonly record struct Name(string Text) : IComparable<Name>
{
    public int CompareTo(Name other) => string.CompareOrdinal(Text, other.Text);

    public static implicit operator Name(string text) => new(text);
}

/// <summary>An Ordinal, or another number.</summary>
public readonly record struct Number(long Value) : IComparable<Number>
{
    public int CompareTo(Number other) => Value.CompareTo(other.Value);

    public static implicit operator Number(long value) => new(value);
}

/// <summary>A place in an order by a value; rows of the same value are in the order of their Ordinals.</summary>
public readonly record struct Place<TValue>(TValue Value, long Ordinal) : IComparable<Place<TValue>> where TValue : IComparable<TValue>
{
    public int CompareTo(Place<TValue> other) => Value.CompareTo(other.Value) is not 0 and var values ? values : Ordinal.CompareTo(other.Ordinal);
}

/// <summary>A place in the order of an attribute's values; things with the same value are in the order of their names.</summary>
public readonly record struct AttributePlace(string Value, string ThingName) : IComparable<AttributePlace>
{
    public int CompareTo(AttributePlace other) =>
        string.CompareOrdinal(Value, other.Value) is not 0 and var values ? values : string.CompareOrdinal(ThingName, other.ThingName);
}

/// <summary>A place in the order of <c>$next</c>: running executions first, each by the time of queuing.</summary>
public readonly record struct PendingPlace(bool IsQueued, Moment QueuedAt, long Ordinal) : IComparable<PendingPlace>
{
    public int CompareTo(PendingPlace other)
    {
        if (IsQueued != other.IsQueued)
            return IsQueued ? 1 : -1;
        return QueuedAt.CompareTo(other.QueuedAt) is not 0 and var moments ? moments : Ordinal.CompareTo(other.Ordinal);
    }
}

/// <summary>A place in an order in which the rows of a group stand by the part of it that they are in.</summary>
internal readonly record struct InPart<TPlace>(string? Part, TPlace Place) : IComparable<InPart<TPlace>> where TPlace : IComparable<TPlace>
{
    public int CompareTo(InPart<TPlace> other) => string.CompareOrdinal(Part, other.Part) is not 0 and var parts ? parts : Place.CompareTo(other.Place);
}

/// <summary>A part of a group.</summary>
public readonly record struct PartOfGroup<TGroup>(TGroup Group, string? Part);

/// <summary>One of the targets of a job.</summary>
public readonly record struct TargetOfJob(string JobId, int TargetIndex);

/// <summary>The executions of a job that have a status and are hidden or not.</summary>
public readonly record struct StatusOfJob(string JobId, JobExecutionStatus Status, bool IsHidden)
{
    // Written out, as in JobFilter: what .NET compares an enum with is compiled at run time.
    public bool Equals(StatusOfJob other) => JobId == other.JobId && Status == other.Status && IsHidden == other.IsHidden;

    public override int GetHashCode() => (JobId.GetHashCode() * 31) + ((int)Status * 2) + (IsHidden ? 1 : 0);
}

/// <summary>What ListJobs may ask for; null asks for any.</summary>
public readonly record struct JobFilter(JobStatus Status, TargetSelection? TargetSelection, string? NamespaceId, string? ThingGroupId)
{
    public bool Equals(JobFilter other) =>
        Status == other.Status && TargetSelection == other.TargetSelection && NamespaceId == other.NamespaceId && ThingGroupId == other.ThingGroupId;

    public override int GetHashCode()
    {
        var texts = ((NamespaceId?.GetHashCode() ?? 0) * 31) + (ThingGroupId?.GetHashCode() ?? 0);
        return (((texts * 31) + (int)Status) * 31) + (TargetSelection is { } selection ? (int)selection + 1 : 0);
    }
}
