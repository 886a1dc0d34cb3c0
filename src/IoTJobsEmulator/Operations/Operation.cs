using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Operations;

/// <summary>
/// An operation of an API: its name, the method that answers it, and the errors that it declares. OpenAPI documents are made from it, and
/// error answers are compared with it.
/// </summary>
/// <param name="name">The name in the API.</param>
/// <param name="api">The API that it belongs to.</param>
/// <param name="handle">The method, with its target if it has one. Its parameters carry their shapes.</param>
/// <param name="errors">The errors that it declares.</param>
internal sealed class Operation(string name, Api api, Delegate handle, IEnumerable<ServiceError> errors)
{
    private readonly List<ServiceError> _errors = [.. errors];
    private readonly Lazy<ArgumentReader?> _thing = new(() => ArgumentReader.Find(handle.Method, "thingName"));
    private readonly Lazy<ArgumentReader?> _job = new(() => ArgumentReader.Find(handle.Method, "jobId"));

    /// <summary>An operation that is a static class with a method of any name; the class has the operation's name.</summary>
    public static Operation Of(Delegate handle, Api api, IEnumerable<ServiceError> errors) => new(handle.Method.DeclaringType!.Name, api, handle, errors);

    public string Name => name;

    public Api Api => api;

    public Delegate Handle => handle;

    public IReadOnlyList<ServiceError> Errors => _errors;

    /// <summary>The group under which Swagger UI shows it.</summary>
    public string Tag { get; set; } = "";

    /// <summary>Its place within its tag. Operations with the same place keep the order in which they were mapped.</summary>
    public int Place { get; set; }

    /// <summary>Whether its callers name a thing.</summary>
    public bool NamesThing => _thing.Value is not null;

    /// <summary>Whether its callers name a job.</summary>
    public bool NamesJob => _job.Value is not null;

    /// <summary>The thing that a caller names; null for none.</summary>
    public string? ThingIn(object?[] arguments) => _thing.Value?.Read(arguments);

    /// <summary>The job that a caller names; null for none.</summary>
    public string? JobIn(object?[] arguments) => _job.Value?.Read(arguments);

    public void Declare(IEnumerable<ServiceError> more) => _errors.AddRange(more);

    /// <summary>Whether the operation declares the error. Errors of the emulator itself, such as a full disk, need no declaration.</summary>
    public bool Declares(ServiceError error) => error.Status >= 500 || _errors.Exists(declared => NameOf(declared) == NameOf(error));

    /// <summary>What the error is called in this operation's API.</summary>
    public string NameOf(ServiceError error) => api.NameOf(error);

    /// <summary>The HTTP status of the error in this operation's API.</summary>
    public int StatusOf(ServiceError error) => api.StatusOf(error);
}
