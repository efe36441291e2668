using System.Globalization;
using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Families;

/// <summary>
/// Inputs of a U-Net that was exported for ControlNets: what these add behind every block on the way down, and in the middle. Their sizes follow from the
/// latents': the first has theirs, each level's blocks follow, and between two levels stands the one with half of the sides.
/// </summary>
internal sealed class ResidualPorts
{
    private const string Down = "down_block", Middle = "mid_block";

    /// <summary>What exporters call the input for the middle.</summary>
    public static readonly string[] MiddleNames = ["mid_block_res_sample", "mid_block_additional_residual"];

    private readonly (GraphPort Port, int Level)[] ports;
    private readonly bool spreads;

    /// <param name="inputs">Of the U-Net.</param>
    /// <param name="options">What its family knows of it.</param>
    public ResidualPorts(IReadOnlyList<GraphPort> inputs, DenoiserOptions options)
    {
        int levels = options.Levels;
        spreads = options.SpreadsResiduals;
        var found = inputs.Where(port => Names(port.Name)).OrderBy(port => OrderOf(port.Name)).ToArray();
        int down = found.Length - 1, blocks = Math.Max(1, down / Math.Max(1, levels) - 1);
        ports = [.. found.Select((port, index) => (port, index == down ? levels - 1 : LevelOf(index, blocks)))];
    }

    public int Count => ports.Length;

    /// <summary>Whether an input or output is one of them.</summary>
    public static bool Names(string name) =>
        name.StartsWith(Down, StringComparison.Ordinal) || name.StartsWith(Middle, StringComparison.Ordinal);

    /// <summary>By the number at the end of its name; the middle's comes last.</summary>
    public static int OrderOf(string name) => name.StartsWith(Middle, StringComparison.Ordinal) ? int.MaxValue
        : int.TryParse(name.AsSpan(name.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number : 0;

    public bool Has(GraphPort port) => Array.Exists(ports, one => one.Port == port);

    /// <summary>Whether a call of these rows has to give them for every cell.</summary>
    public bool AreWhole(ReadOnlySpan<DenoiserRow> rows)
    {
        if (!spreads) return ports.Length > 0;
        foreach (var row in rows)
            if (row.Residuals is not null) return true;
        return false;
    }

    /// <param name="whole">Of <see cref="AreWhole"/>.</param>
    public long[] ShapeOf(GraphPort port, int rows, LatentShape shape, bool whole)
    {
        int level = Array.Find(ports, one => one.Port == port).Level;
        return whole ? [rows, port.Shape[1], shape.Height >> level, shape.Width >> level] : [rows, port.Shape[1], 1, 1]; // [B, C, h, w] of the level
    }

    /// <summary>Writes a row's residuals; zeros where it has none.</summary>
    /// <exception cref="GraphException">They are those of another kind of U-Net.</exception>
    public void Write(GraphBinding binding, int row, LatentShape shape, IReadOnlyList<float[]>? residuals, bool whole)
    {
        if (residuals is not null && residuals.Count != ports.Length)
            throw new GraphException($"a ControlNet gives {residuals.Count} tensors to be added where the U-Net takes {ports.Length}");
        for (int i = 0; i < ports.Length; i++)
        {
            var (port, level) = ports[i];
            int length = port.Shape[1] * (whole ? (shape.Height >> level) * (shape.Width >> level) : 1);
            if (residuals is null) binding.Clear(port.Name, row, length);
            else if (residuals[i].Length == length) binding.Write(port.Name, row, residuals[i]);
            else throw new GraphException($"a ControlNet gives {residuals[i].Length} values for '{port.Name}', which takes {length}");
        }
    }

    /// <summary>Level 0 first; then as many as a level has blocks, and one that halves the sides.</summary>
    private static int LevelOf(int index, int blocks) => index == 0 ? 0 : (index - 1) / (blocks + 1) + (index % (blocks + 1) == 0 ? 1 : 0);
}
