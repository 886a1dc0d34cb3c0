using IoTJobsEmulator.Core.Simulators;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.State;

public sealed class SimulatorTable : Table<Number, Simulator>
{
    private readonly Patterns _patterns = new();

    public SimulatorTable(Realm realm) : base(realm)
    {
        ByName = new(this, simulator => new(simulator.Name, simulator.Ordinal), belongs: simulator => !simulator.IsDeleted);
        Deleted = new(this, simulator => simulator.Ordinal, belongs: simulator => simulator.IsDeleted);
        Searching = new(this, simulator => simulator.Ordinal, belongs: simulator => simulator.SearchedThrough is not null && !simulator.IsDeleted);
        ((IIndexed<Simulator>)this).Attach(_patterns);
    }

    /// <summary>Whether there are any, those on their way out included.</summary>
    public bool Any => Count > 0;

    /// <summary>The simulators that callers can see, by name.</summary>
    public OrderedIndex<Simulator, Place<Name>> ByName { get; }

    /// <summary>Deleted simulators whose devices are yet to go.</summary>
    public OrderedIndex<Simulator, Number> Deleted { get; }

    /// <summary>Simulators that are yet to look at some things.</summary>
    public OrderedIndex<Simulator, Number> Searching { get; }

    public Simulator? Named(string name) => ByName.RowsAfter(new(name, long.MinValue)).FirstOrDefault() is { } first && first.Name == name ? first : null;

    /// <summary>The simulator that plays a thing, of several the first by name; null for none.</summary>
    public Simulator? Of(string thingName)
    {
        foreach (var simulator in ByName.Rows)
        {
            if (_patterns.Of(simulator).Matches(thingName))
                return simulator;
        }
        return null;
    }

    /// <summary>The patterns of the simulators, ready to be matched.</summary>
    private sealed class Patterns : IIndex<Simulator>
    {
        private Dictionary<long, WildcardPattern> _ofSimulator = [];

        public WildcardPattern Of(Simulator simulator) => _ofSimulator[simulator.Ordinal];

        public void Add(Slot<Simulator> slot) => Add(slot.Row);

        public void Remove(Slot<Simulator> slot) => _ofSimulator.Remove(slot.Row.Ordinal);

        public void Move(Slot<Simulator> slot, Simulator before, Simulator after)
        {
            if (before.Things == after.Things)
                return;
            _ofSimulator.Remove(before.Ordinal);
            Add(after);
        }

        public void Exchange(IIndex<Simulator> other)
        {
            var others = (Patterns)other;
            (_ofSimulator, others._ofSimulator) = (others._ofSimulator, _ofSimulator);
        }

        // A question mark is no wildcard here: no name of a thing has one.
        private void Add(Simulator simulator) => _ofSimulator.Add(simulator.Ordinal, new(simulator.Things.Replace('*', WildcardPattern.AnyCharacters), ignoresCase: false));
    }
}

public sealed class SimulatedDeviceTable : Table<string, SimulatedDevice>
{
    public SimulatedDeviceTable(Realm realm) : base(realm)
    {
        Due = new(this, device => new(device.ActsAt!.Value, device.Ordinal), belongs: device => device.ActsAt is not null);
        OfSimulator = new(this, device => device.SimulatorOrdinal, device => device.Ordinal);
    }

    /// <summary>Devices that will call, the earliest first.</summary>
    public OrderedIndex<SimulatedDevice, Place<Moment>> Due { get; }

    /// <summary>The devices of each simulator.</summary>
    public Index<SimulatedDevice, Number, Number> OfSimulator { get; }
}
