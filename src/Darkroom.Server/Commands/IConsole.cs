namespace Darkroom.Server.Commands;

/// <summary>Where commands write, and what they are told by it. The one place that knows the process's console.</summary>
public interface IConsole
{
    /// <summary>Results.</summary>
    TextWriter Out { get; }

    /// <summary>Progress and complaints.</summary>
    TextWriter Error { get; }

    /// <summary>Whether a person watches <see cref="Error"/>.</summary>
    bool IsInteractive { get; }

    /// <summary>Whether a person watches <see cref="Out"/> and can press keys.</summary>
    bool IsTerminal => false;

    /// <summary>Characters of a line.</summary>
    int Width => 80;

    /// <summary>A variable of the environment; null where it is not set, or empty.</summary>
    string? Variable(string name) => null;
}

internal sealed class SystemConsole : IConsole
{
    public static readonly SystemConsole Instance = new();

    public TextWriter Out => Console.Out;

    public TextWriter Error => Console.Error;

    public bool IsInteractive => !Console.IsErrorRedirected;

    public bool IsTerminal => !Console.IsOutputRedirected && !Console.IsInputRedirected;

    public int Width => Console.WindowWidth is > 0 and var width ? width : 80;

    public string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
