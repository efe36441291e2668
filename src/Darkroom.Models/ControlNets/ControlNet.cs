using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Families;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.ControlNets;

/// <summary>What a ControlNet is given for one row of a call, and where its answers go.</summary>
/// <param name="Latents">The row's latents, C · h · w values.</param>
/// <param name="InputScale">The network's input is latents · this.</param>
/// <param name="Timestep">In training timesteps.</param>
/// <param name="Conditioning">What the denoiser is given too.</param>
/// <param name="Picture">What it is shown, RGB in [0, 1]. // [3, H, W]</param>
/// <param name="Answers">Receives what it answers.</param>
public readonly record struct ControlRow(
    ReadOnlyMemory<float> Latents, double InputScale, double Timestep, Conditioning Conditioning, ReadOnlyMemory<float> Picture, ControlAnswers Answers);

/// <summary>What a ControlNet answers for a row: its buffers are used again by the next call.</summary>
public sealed class ControlAnswers
{
    /// <summary>In the order of the U-Net's inputs for them: from the first block down, then the middle.</summary>
    public float[][] Values { get; internal set; } = [];
}

/// <summary>A network that is shown a picture at every step and adds to what a U-Net makes of the latents on its way (Zhang et al. 2023).</summary>
public sealed class ControlNet : IGraphPart
{
    internal const string PictureInput = "controlnet_cond";
    private const string ScaleInput = "conditioning_scale";

    private readonly OnnxGraph graph;
    private readonly GraphPort sample, timestep, picture;
    private readonly string[] outputs;

    /// <exception cref="GraphException">The graph has not the inputs and outputs of a ControlNet.</exception>
    public ControlNet(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        this.graph = graph;
        sample = Port("sample");
        timestep = Port("timestep");
        picture = Port(PictureInput);
        outputs = [.. graph.Outputs.Where(port => ResidualPorts.Names(port.Name)).OrderBy(port => ResidualPorts.OrderOf(port.Name)).Select(port => port.Name)];
        if (outputs.Length < 2)
            throw new GraphException($"the ControlNet has outputs {GraphPort.NamesOf(graph.Outputs)} where down_block_res_sample_0 and so on were expected");
    }

    OnnxGraph IGraphPart.Graph => graph;

    /// <summary>Runs rows of one latent shape, one conditioning signature and one timestep.</summary>
    /// <exception cref="GraphException">The graph refused the call.</exception>
    public void Run(LatentShape shape, int width, int height, ReadOnlyMemory<ControlRow> rows) => graph.Run(
        [.. graph.Inputs.Select(port => ShapeOf(port, shape, width, height, rows.Span))], outputs, (Self: this, Rows: rows),
        static (binding, call) => call.Self.Write(binding, call.Rows.Span),
        static (binding, call) =>
        {
            string[] outputs = call.Self.outputs;
            for (int row = 0; row < call.Rows.Length; row++)
            {
                var answers = call.Rows.Span[row].Answers;
                if (answers.Values.Length != outputs.Length) answers.Values = new float[outputs.Length][];
                for (int i = 0; i < outputs.Length; i++)
                {
                    if (answers.Values[i]?.Length != binding.RowLength(outputs[i])) answers.Values[i] = new float[binding.RowLength(outputs[i])];
                    binding.Read(outputs[i], row, answers.Values[i]);
                }
            }
        });

    public void Dispose() => graph.Dispose();

    private void Write(GraphBinding binding, ReadOnlySpan<ControlRow> rows)
    {
        bool times = timestep.Rank == 1;
        for (int row = 0; row < rows.Length; row++)
        {
            binding.Write(sample.Name, row, rows[row].Latents.Span, (float)rows[row].InputScale);
            if (times || row == 0) binding.Write(timestep.Name, row, [(float)rows[row].Timestep]);
            binding.Write(PictureInput, row, rows[row].Picture.Span);
            foreach (var tensor in rows[row].Conditioning.Tensors)
                if (graph.Inputs.Any(port => port.Name == tensor.Input)) binding.Write(tensor.Input, row, tensor.Values);
        }
        // Weights are the caller's: a row has its own.
        if (graph.Inputs.Any(port => port.Name == ScaleInput)) binding.Write(ScaleInput, 0, [1f]);
    }

    private long[] ShapeOf(GraphPort port, LatentShape shape, int width, int height, ReadOnlySpan<ControlRow> rows) => port.Name switch
    {
        _ when port == sample => [rows.Length, shape.Channels, shape.Height, shape.Width], // [B, C, h, w]
        _ when port == timestep => timestep.Rank == 0 ? [] : [rows.Length],
        _ when port == picture => [rows.Length, 3, height, width], // [B, 3, H, W]
        ScaleInput => port.Rank == 0 ? [] : [1],
        _ => rows[0].Conditioning.For(port.Name) is { } tensor
            ? [rows.Length, .. tensor.Shape.Select(side => (long)side)]
            : throw new GraphException($"the ControlNet asks for an input '{port.Name}' that the model does not give"),
    };

    private GraphPort Port(string name) => graph.Inputs.FirstOrDefault(port => port.Name == name)
        ?? throw new GraphException($"the ControlNet has inputs {GraphPort.NamesOf(graph.Inputs)}, none of them {name}");
}
