namespace IoTJobsEmulator.Testing;

/// <summary>The emulator could not be started or reached, or refused what it was asked.</summary>
public sealed class EmulatorException : Exception
{
    /// <summary>An error without a text.</summary>
    public EmulatorException()
    {
    }

    /// <summary>An error with a text.</summary>
    /// <param name="message">What went wrong.</param>
    public EmulatorException(string message) : base(message)
    {
    }

    /// <summary>An error with a text and its cause.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause.</param>
    public EmulatorException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>The HTTP status that the emulator answered with; null when it answered nothing.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The name of the error that the emulator answered with, such as <c>InvalidRequestException</c>; null when it named none.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The call of a seed that was refused; null when it was not a seed.</summary>
    public RefusedSeedCall? SeedCall { get; init; }
}

/// <summary>A call of a seed that was refused. Those before it have been made, and stay, unless the seed is wrong in form.</summary>
/// <param name="Call">Its place in the seed, from 1.</param>
/// <param name="N">Which repetition, from 1; null for a call without <c>repeat</c>, or before the first.</param>
/// <param name="Operation">What it called.</param>
/// <param name="Error">The name of the operation's error, such as <c>ResourceNotFoundException</c>.</param>
public sealed record RefusedSeedCall(int Call, int? N, string Operation, string Error);
