using System.Globalization;
using IoTJobsEmulator.Core.Simulators;

namespace IoTJobsEmulator.Core.State;

/// <summary>
/// The state of one account and region. Every lookup uses an index, declared in Tables.cs; nothing scans a table.
/// While somebody holds a realm no other takes its place, so a request may hold it while it waits for its turn; reset and recovery
/// change what is in it. It is one of the world's realms from its first row until a turn leaves it without rows.
/// </summary>
public sealed class Realm
{
    private readonly World _world;
    private readonly List<Change> _changes = [];
    private List<Action>? _afterCommit;
    private long _lastOrdinal;
    private int _rows;
    private bool _isInWorld;
    private bool _isSearched;

    internal Realm(World world, Tenant tenant, long lastOrdinal)
    {
        (_world, Tenant, ArnPrefix, _lastOrdinal) = (world, tenant, Arn.PrefixOf(tenant), lastOrdinal);
        Things = new(this);
        ThingGroups = new(this);
        Memberships = new(this);
        DeletedThings = new(this);
        ThingTypes = new(this);
        BillingGroups = new(this);
        PrincipalAttachments = new(this);
        EventConfigurations = new(this);
        JobTemplates = new(this);
        Jobs = new(this);
        JobDocuments = new(this);
        TargetExpansions = new(this);
        WaitingTargets = new(this);
        Executions = new(this);
        ResourceTags = new(this);
        Simulators = new(this);
        SimulatedDevices = new(this);
        Tables =
        [
            Things, ThingGroups, Memberships, DeletedThings, ThingTypes, BillingGroups, PrincipalAttachments, EventConfigurations,
            JobTemplates, Jobs, JobDocuments, TargetExpansions, WaitingTargets, Executions, ResourceTags,
            Simulators, SimulatedDevices,
        ];
    }

    /// <summary>The account and region that the realm belongs to.</summary>
    public Tenant Tenant { get; }

    /// <summary>What the ARNs of its resources begin with: lists have one for each row.</summary>
    internal string ArnPrefix { get; }

    public string Account => Tenant.Account;

    public string Region => Tenant.Region;

    public Settings Settings => _world.Settings;

    /// <summary>How simulated devices call operations.</summary>
    internal DeviceOperations Devices => _world.Devices ?? throw new InvalidOperationException("Nobody has said how simulated devices call operations.");

    /// <summary>The moment of the turn that is going on; it stands still until the turn ends.</summary>
    public Moment Now => _world.Now;

    public ThingTable Things { get; }

    public ThingGroupTable ThingGroups { get; }

    public MembershipTable Memberships { get; }

    public DeletedThingTable DeletedThings { get; }

    public ThingTypeTable ThingTypes { get; }

    public BillingGroupTable BillingGroups { get; }

    public PrincipalAttachmentTable PrincipalAttachments { get; }

    public EventConfigurationTable EventConfigurations { get; }

    public JobTemplateTable JobTemplates { get; }

    public JobTable Jobs { get; }

    public JobDocumentTable JobDocuments { get; }

    public TargetExpansionTable TargetExpansions { get; }

    public WaitingTargetTable WaitingTargets { get; }

    public JobExecutionTable Executions { get; }

    public ResourceTagsTable ResourceTags { get; }

    public SimulatorTable Simulators { get; }

    public SimulatedDeviceTable SimulatedDevices { get; }

    /// <summary>All tables.</summary>
    public IReadOnlyList<ITable> Tables { get; }

    /// <summary>What the turn that is going on has changed so far, in order.</summary>
    public IReadOnlyList<Change> Changes => _changes;

    /// <summary>The next number of a new row. Every order ends in it, because on a frozen clock everything happens at one moment.</summary>
    public long NextOrdinal() => ++_lastOrdinal;

    /// <summary>The id of a new thing or group.</summary>
    public string NewId() => _world.NewId().ToString("D", CultureInfo.InvariantCulture);

    /// <summary>
    /// Has something done once the turn is committed, before what it announces is delivered. It must only enqueue, like a listener to turns, and the
    /// turn must change something.
    /// </summary>
    public void AfterCommit(Action action) => (_afterCommit ??= []).Add(action);

    /// <summary>What is to be done once the turn is committed; null for nothing. Called when the turn ends.</summary>
    public IReadOnlyList<Action>? TakeAfterCommit()
    {
        var taken = _afterCommit;
        _afterCommit = null;
        return taken;
    }

    /// <summary>Undoes what the turn has changed, last first.</summary>
    public void Undo()
    {
        UndoTo(0);
        _afterCommit = null;
        LeaveIfEmpty();
    }

    /// <summary>Undoes a part of the turn: all but its first changes, last first.</summary>
    public void UndoTo(int changes)
    {
        for (var i = _changes.Count - 1; i >= changes; i--)
            _changes[i].Undo();
        _changes.RemoveRange(changes, _changes.Count - changes);
    }

    /// <summary>Ends the turn: hands out its changes and forgets them.</summary>
    public IReadOnlyList<Change> TakeChanges()
    {
        if (_changes.Count == 0)
            return [];
        Change[] taken = [.. _changes];
        _changes.Clear();
        LeaveIfEmpty();
        return taken;
    }

    /// <summary>Puts changes of one turn back that were handed out but could not be written, last first. Those of each realm come together.</summary>
    public static void Undo(IEnumerable<Change> lastFirst)
    {
        Realm? realm = null;
        foreach (var change in lastFirst)
        {
            if (realm != change.Table.Realm)
                realm?.LeaveIfEmpty();
            realm = change.Table.Realm;
            change.Undo();
        }
        realm?.LeaveIfEmpty();
    }

    /// <summary>Rows with this or a lower number were loaded: new ones come after.</summary>
    public void SkipOrdinalsTo(long ordinal) => _lastOrdinal = Math.Max(_lastOrdinal, ordinal);

    /// <summary>The number of the last new row.</summary>
    internal long LastOrdinal => _lastOrdinal;

    internal bool HasRows => _rows > 0;

    /// <summary>Exchanges all rows with those of another realm. Called by their worlds, which exchange what they know of them.</summary>
    internal void Exchange(Realm other)
    {
        foreach (var (table, others) in Tables.Zip(other.Tables))
            table.Exchange(others);
        (_rows, other._rows) = (other._rows, _rows);
        (_isInWorld, other._isInWorld) = (other._isInWorld, _isInWorld);
        (_isSearched, other._isSearched) = (other._isSearched, _isSearched);
        (_lastOrdinal, other._lastOrdinal) = (other._lastOrdinal, _lastOrdinal);
    }

    /// <summary>Numbers new rows from here on, be it lower than before.</summary>
    internal void SetLastOrdinal(long ordinal) => _lastOrdinal = ordinal;

    internal void Record(Change change) => _changes.Add(change);

    /// <summary>Called by the tables for all rows that come and go, whatever the cause.</summary>
    internal void CountRows(int difference)
    {
        _rows += difference;
        if (_isInWorld || _rows == 0)
            return;
        _isInWorld = true;
        _isSearched = _world.Add(this);
    }

    internal void ThingAdded(string thingName)
    {
        if (!_isSearched)
            _world.AddThing(this, thingName);
    }

    internal void ThingRemoved(string thingName)
    {
        if (!_isSearched)
            _world.RemoveThing(this, thingName);
    }

    private void LeaveIfEmpty()
    {
        if (_rows > 0 || !_isInWorld)
            return;
        _isInWorld = false;
        _world.Remove(this, _lastOrdinal);
    }
}
