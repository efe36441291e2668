using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Families;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;
using Net = Darkroom.Models.Networks.UNets.ControlNet;

namespace Darkroom.Models.ControlNets;

/// <summary>What a ControlNet is given for one row of a call, and where its answers go.</summary>
/// <param name="Latents">The row's latents, C · h · w values.</param>
/// <param name="InputScale">The network's input is latents · this.</param>
/// <param name="Timestep">In training timesteps.</param>
/// <param name="Conditioning">What the denoiser is given too.</param>
/// <param name="Picture">What it is shown.</param>
/// <param name="Answers">Receives what it answers.</param>
public readonly record struct ControlRow(
    ReadOnlyMemory<float> Latents, double InputScale, double Timestep, Conditioning Conditioning, ControlPicture Picture, ControlAnswers Answers);

/// <summary>What a ControlNet answers for a row: its buffers are used again by the next call.</summary>
public sealed class ControlAnswers
{
    /// <summary>In the order of the U-Net's inputs for them: from the first block down, then the middle.</summary>
    public float[][] Values { get; internal set; } = [];
}

/// <summary>A network that is shown a picture at every step and adds to what a U-Net makes of the latents on its way (Zhang et al. 2023).</summary>
public sealed class ControlNet : IGraphPart
{
    private const string ScaleInput = "conditioning_scale";

    private readonly OnnxGraph graph;
    private readonly OnnxGraph? encoder; // of pictures; null: the graph is given the pictures themselves
    private readonly GraphPort sample, timestep, picture;
    private readonly GraphPort? scale;
    private readonly string[] outputs;
    private readonly float[] ones; // weights are the caller's: a row has its own

    /// <param name="graph">The graph that is called at every step.</param>
    /// <param name="encoder">What makes of a picture what the graph is given of it; null: the graph does that.</param>
    /// <exception cref="GraphException">The graph has not the inputs and outputs of a ControlNet.</exception>
    public ControlNet(OnnxGraph graph, OnnxGraph? encoder = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        (this.graph, this.encoder) = (graph, encoder);
        sample = Port("sample");
        timestep = Port("timestep");
        picture = Port(encoder is null ? Net.Picture : Net.Hint);
        scale = graph.Inputs.FirstOrDefault(port => port.Name == ScaleInput);
        outputs = [.. graph.Outputs.Where(port => ResidualPorts.Names(port.Name)).OrderBy(port => ResidualPorts.OrderOf(port.Name)).Select(port => port.Name)];
        if (outputs.Length < 2)
            throw new GraphException($"the ControlNet has outputs {GraphPort.NamesOf(graph.Outputs)} where down_block_res_sample_0 and so on were expected");
        ones = [.. Enumerable.Repeat(1f, outputs.Length)];
    }

    /// <exception cref="GraphException">The graph cannot be used, or the weights do not fit; the message names the ControlNet.</exception>
    internal static ControlNet Open(ControlNetContents contents, SessionSettings settings)
    {
        try
        {
            if (contents.Graph is { } path) return OnnxGraph.Load(path, settings).As(static graph => new ControlNet(graph));
            var (hint, main) = contents.Write(settings.Device == "cuda" ? GraphTarget.Cuda : GraphTarget.Cpu);
            var encoder = OnnxGraph.Load(hint, settings);
            try
            {
                return OnnxGraph.Load(main, settings).As(graph => new ControlNet(graph, encoder));
            }
            catch
            {
                encoder.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is GraphException or InvalidDataException)
        {
            var fault = e is GraphException known ? known.Fault : GraphFault.Refused;
            throw new GraphException($"ControlNet '{contents.Description.Id}': {e.Message}", fault, e);
        }
    }

    OnnxGraph IGraphPart.Graph => graph;

    /// <summary>Runs rows of one latent shape and one conditioning signature, whose timesteps are equal where the graph takes one for all.</summary>
    /// <exception cref="GraphException">The graph refused the call.</exception>
    public void Run(LatentShape shape, ReadOnlyMemory<ControlRow> rows)
    {
        if (encoder is not null) Encode(shape, rows.Span);
        graph.Run(
            [.. graph.Inputs.Select(port => ShapeOf(port, shape, rows.Span))], outputs, (Self: this, Rows: rows),
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
    }

    public void Dispose()
    {
        graph.Dispose();
        encoder?.Dispose();
    }

    /// <summary>
    /// Has the rows' pictures made into what the graph is given of them: once, at each row's first step. Each in a call of its own, for the convolutions of
    /// one large picture are summed in other blocks than those of several, and a row's numbers would depend on who begins with it.
    /// </summary>
    private void Encode(LatentShape shape, ReadOnlySpan<ControlRow> rows)
    {
        foreach (var row in rows)
            if (row.Picture.Hint.Length == 0) Encode(shape, row.Picture);
    }

    private void Encode(LatentShape shape, ControlPicture shown)
    {
        encoder!.ShrinkNext(); // it is not called again for this row, and needs much for large pictures
        encoder.Run(
            [[1, 3, shown.Height, shown.Width]], [Net.Hint], (shown, shape),
            static (binding, call) => binding.Write(Net.Picture, 0, call.shown.Values.Span),
            static (binding, call) =>
            {
                binding.Expect(Net.Hint, 1, -1, call.shape.Height, call.shape.Width); // [1, C, h, w]
                float[] hint = new float[binding.RowLength(Net.Hint)];
                binding.Read(Net.Hint, 0, hint);
                call.shown.Hint = hint;
            });
    }

    private void Write(GraphBinding binding, ReadOnlySpan<ControlRow> rows)
    {
        bool times = timestep.Rank == 1;
        for (int row = 0; row < rows.Length; row++)
        {
            binding.Write(sample.Name, row, rows[row].Latents.Span, (float)rows[row].InputScale);
            if (times || row == 0) binding.Write(timestep.Name, row, [(float)rows[row].Timestep]);
            if (encoder is not null) binding.WriteKept(picture.Name, row, rows[row].Picture.Hint);
            else binding.Write(picture.Name, row, rows[row].Picture.Values.Span);
            foreach (var tensor in rows[row].Conditioning.Tensors)
                if (graph.Inputs.Any(port => port.Name == tensor.Input)) binding.WriteKept(tensor.Input, row, tensor.Values);
            if (scale is { Rank: 2 }) binding.Write(ScaleInput, row, ones);
        }
        if (scale is { Rank: < 2 }) binding.Write(ScaleInput, 0, ones.AsSpan(0, 1));
    }

    private long[] ShapeOf(GraphPort port, LatentShape shape, ReadOnlySpan<ControlRow> rows)
    {
        if (port == sample) return [rows.Length, shape.Channels, shape.Height, shape.Width]; // [B, C, h, w]
        if (port == timestep) return timestep.Rank == 0 ? [] : [rows.Length];
        if (port == scale) return scale.Rank switch { 0 => [], 1 => [1], _ => [rows.Length, outputs.Length] };
        if (port == picture)
            return encoder is null
                ? [rows.Length, 3, rows[0].Picture.Height, rows[0].Picture.Width] // [B, 3, H, W]
                : [rows.Length, picture.Shape[1], shape.Height, shape.Width]; // [B, C, h, w]
        return rows[0].Conditioning.For(port.Name) is { } tensor
            ? [rows.Length, .. tensor.Shape.Select(side => (long)side)]
            : throw new GraphException($"the ControlNet asks for an input '{port.Name}' that the model does not give");
    }

    private GraphPort Port(string name) => graph.Inputs.FirstOrDefault(port => port.Name == name)
        ?? throw new GraphException($"the ControlNet has inputs {GraphPort.NamesOf(graph.Inputs)}, none of them {name}");
}
