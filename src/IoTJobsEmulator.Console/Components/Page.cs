using IoTJobsEmulator.Core;
using Microsoft.AspNetCore.Components;

namespace IoTJobsEmulator.WebConsole.Components;

/// <summary>A page of the console: of the account and region in its address.</summary>
public abstract class Page : LiveComponent
{
    /// <summary>Characters that a form takes in one text, as many as a job document may have. More in one event would end the circuit.</summary>
    public const int LongestText = 32_768;

    [Parameter] public string? Account { get; set; }

    [Parameter] public string? Region { get; set; }

    [Inject] protected NavigationManager Navigation { get; set; } = null!;

    protected Tenant Tenant => Account is not null && Region is not null && Arn.IsAccount(Account) ? new(Account, Region) : StartTenant(Emulator);

    /// <summary>The account and region of the first page: the usual one, unless only others have anything.</summary>
    public static Tenant StartTenant(IEmulator emulator) =>
        emulator.Tenants() is [var first, ..] all && !all.Contains(emulator.DefaultTenant) ? first : emulator.DefaultTenant;

    protected ValueTask<T> Read<T>(Func<Core.State.Realm, T> query) => Emulator.Read(Tenant, query);

    /// <summary>Sends a request for this account and region.</summary>
    protected Task<ApiAnswer> Send(string method, string path, string? body = null, string service = ApiService.Iot) =>
        Emulator.Send(new(method, path) { Tenant = Tenant, Service = service, Body = body }, Gone);
}
