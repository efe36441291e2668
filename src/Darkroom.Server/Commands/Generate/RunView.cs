using Darkroom.Server.Commands.Generate.Terminal;

namespace Darkroom.Server.Commands.Generate;

/// <summary>What a person sees of a job on its way: the pictures as they are, where the terminal can show them, above a line that fills.</summary>
/// <param name="console">Where it is shown.</param>
/// <param name="previews">Null: none are shown.</param>
internal sealed class RunView(IConsole console, PreviewScreen? previews)
{
    private readonly ProgressBar bar = new(console);

    /// <summary>Whether previews are wanted.</summary>
    public bool Watches => previews is not null;

    public void Queued(int? position, double? eta)
    {
        if (position is { } before) bar.ShowQueued(before, eta);
    }

    public void Progress(int step, int steps, double share, double? eta) => bar.Show(step, steps, share, eta);

    public void Preview(int index, ReadOnlyMemory<byte> file) => previews?.Show(index, file);

    public void End() => bar.End();
}
