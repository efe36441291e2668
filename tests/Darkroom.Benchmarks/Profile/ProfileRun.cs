using System.Text;
using Darkroom.Benchmarks.Real;
using Darkroom.Models.Residency;

namespace Darkroom.Benchmarks.Profile;

/// <summary>Runs a model's networks with ONNX Runtime's profile on, and reads what it wrote.</summary>
/// <param name="path">Of the model.</param>
/// <param name="side">Of the picture; 0: the model's own.</param>
/// <param name="threads">Of every session; 0: one for each core.</param>
/// <param name="calls">Of each network.</param>
/// <param name="prefix">Of the files that are written.</param>
internal sealed class ProfileRun(string path, int side, int threads, int calls, string prefix)
{
    private const int PeakCalls = 8;

    private const string Legend =
        "A profile of ONNX Runtime takes some microseconds a node, so that a call of many small nodes is a few percent slower than without. Times are "
        + "those of the fastest call. GFLOP are counted from shapes, of convolutions, matrix products and attention alone; nodes without a name count to the "
        + "part of the node before them. The peak is the best of 16 products of 2048 x 2048 in float32, made before and after; int8 can be above it.";

    public string Text()
    {
        using var gemm = new GemmPeak(threads);
        double peak = gemm.Best(PeakCalls);
        // Files are written when sessions are closed.
        using (var model = ServedModel.Open(path, side, new DeviceSpec { Threads = threads, ProfilePrefix = prefix }))
            for (int i = 0; i < calls; i++)
            {
                model.Step();
                model.Decode();
            }
        peak = Math.Max(peak, gemm.Best(PeakCalls));
        var text = new StringBuilder();
        string folder = Path.GetDirectoryName(prefix)!;
        foreach (string file in Directory.EnumerateFiles(folder, Path.GetFileName(prefix) + "*.json"))
        {
            using var stream = File.OpenRead(file);
            var runs = ProfileFile.Read(stream);
            if (runs.Count == 0 || TitleOf(runs[0]) is not { } title) continue;
            // Calls that try what a graph can do are smaller ones.
            double flops = runs.Max(Flops);
            text.AppendLine(new ProfileReport(runs.Where(run => Flops(run) >= flops).MinBy(run => run.Milliseconds)!, peak).Text(title));
        }
        return text.AppendLine(Legend).ToString();
    }

    private static double Flops(ProfiledRun run) => run.Nodes.Sum(NodeCost.Flops);

    /// <summary>Which network it is, by the names of its nodes; null for those that are not asked for.</summary>
    private static string? TitleOf(ProfiledRun run)
    {
        bool Has(string word) => run.Nodes.Any(node => node.Name.Contains(word, StringComparison.Ordinal));
        return Has("text_model") || Has("encoder/block") || Has("encoder.block") ? null
            : Has("/decoder") ? "VAE decode"
            : Has("/encoder") ? null
            : "guided step";
    }
}
