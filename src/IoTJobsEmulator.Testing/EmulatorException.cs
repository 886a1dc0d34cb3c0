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
}
