namespace NetGen.Benchmarks.Support;

/// <summary>What the user asked for cannot be done as asked; the message says why and what can.</summary>
internal sealed class UsageException(string message) : Exception(message);
