using Darkroom.Benchmarks.Checkpoints;
using Darkroom.Benchmarks.Real.Exported;
using Darkroom.Models.Checkpoints;

namespace Darkroom.Benchmarks.Real;

/// <summary>A made-up checkpoint of a published size (float16, as people download them), and the same weights as an exporter leaves them (float32).</summary>
/// <param name="folder">Where they are kept.</param>
/// <param name="kind"><c>sd15</c> or <c>sdxl</c>.</param>
internal sealed class RealFiles(string folder, string kind)
{
    private readonly string folder = Path.GetFullPath(folder);

    public string Kind => kind;

    /// <summary>A folder with a graph for each part.</summary>
    public string Exported => Path.Combine(folder, kind + "-exported");

    private string Checkpoint => Path.Combine(folder, kind + CheckpointFile.Extension);

    /// <summary>Writes what is not there yet.</summary>
    public void Write()
    {
        Directory.CreateDirectory(folder);
        if (!File.Exists(Checkpoint))
        {
            string unfinished = Checkpoint + ".new";
            MadeUpCheckpoint.Write(unfinished, kind, half: true);
            File.Move(unfinished, Checkpoint);
        }
        ExportedModel.Write(Checkpoint, Exported);
    }

    /// <summary>The checkpoint with the contestant's card beside it: where it asks for a precision, a link to the file under another name.</summary>
    public string CheckpointOf(Contestant contestant)
    {
        if (contestant.Precision is not { } precision) return Checkpoint;
        string link = Path.Combine(folder, $"{kind}-{precision}{CheckpointFile.Extension}");
        if (!File.Exists(link)) File.CreateSymbolicLink(link, Checkpoint);
        File.WriteAllText(Path.ChangeExtension(link, null) + ModelPlace.CardEnd, $$"""{ "precision": "{{precision}}" }""");
        return link;
    }

    /// <summary>What a contestant reads.</summary>
    public IReadOnlyList<string> FilesOf(Contestant contestant) => contestant.IsPlain
        ? [.. Directory.EnumerateFiles(Exported, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
        : [Checkpoint];

    /// <summary>Bytes of the weights in float32, as both compute with them.</summary>
    public long WeightBytes => FilesOf(Contestant.Plain).Sum(file => new FileInfo(file).Length);
}
