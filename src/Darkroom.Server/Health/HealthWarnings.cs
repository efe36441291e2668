namespace Darkroom.Server.Health;

/// <summary>What an operator should know of, and need not stay so. Read afresh each time.</summary>
internal sealed class HealthWarnings(Func<IReadOnlyList<string>> read)
{
    public IReadOnlyList<string> Now => read();
}
