using Darkroom.Server.Commands;

namespace Darkroom.Server.Tests.Scripted;

/// <summary>A console that keeps what is written, with an environment of its own.</summary>
internal sealed class ScriptedConsole(bool isInteractive = false, params (string Name, string Value)[] variables) : IConsole
{
    private readonly StringWriter output = new(), error = new();

    public TextWriter Out => output;
    public TextWriter Error => error;
    public bool IsInteractive => isInteractive;
    public int Width { get; init; } = 80;
    public string Results => output.ToString();
    public string Errors => error.ToString();

    public string? Variable(string name) => variables.FirstOrDefault(one => one.Name == name).Value;
}
