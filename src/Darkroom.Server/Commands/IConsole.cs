namespace Darkroom.Server.Commands;

/// <summary>Where commands write. The one place that knows the process's console.</summary>
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
}

internal sealed class SystemConsole : IConsole
{
    public static readonly SystemConsole Instance = new();

    public TextWriter Out => Console.Out;

    public TextWriter Error => Console.Error;

    public bool IsInteractive => !Console.IsErrorRedirected;

    public bool IsTerminal => !Console.IsOutputRedirected && !Console.IsInputRedirected;
}
