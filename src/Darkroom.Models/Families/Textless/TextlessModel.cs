using Darkroom.Models.Catalog;
using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Families.Previews;
using Darkroom.Models.Families.UNets;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Observing;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families.Textless;

/// <summary>A model on a device that reads no text: what it draws is decided by its noise, and by a class where it was trained on any.</summary>
internal sealed class TextlessModel(ModelDescription description, string contentHash, UNetParts parts) : IDiffusionModel
{
    public const string ClassLabels = "class_labels";

    /// <summary>The class of a lane without any: the last of ImageNet's table, whatever the table's size, as in diffusers' pipeline.</summary>
    private const int NoClass = 1000;

    private static readonly Conditioning Nothing = new([]);

    public ModelDescription Description { get; } = description;

    public string ContentHash { get; } = contentHash;

    public IReadOnlyList<ITextEncoder> TextEncoders => [];

    public IDenoiser Denoiser => parts.Denoiser;

    public ILatentEncoder? Encoder => parts.PictureEncoder;

    public ILatentDecoder Decoder => parts.Decoder;

    public IEnumerable<IModelPart> Parts => parts.All;

    public ILatentPreview? Preview { get; init; }

    /// <summary>Opens such a model from a folder.</summary>
    /// <exception cref="GraphException">A graph cannot be used; the message names the file.</exception>
    public static async Task<IDiffusionModel> OpenAsync(UNetParts parts, ModelDescription description, string contentHash, Func<ILatentPreview?> preview)
    {
        try
        {
            return new TextlessModel(await parts.DescribeAsync(description), contentHash, parts) { Preview = preview() };
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    public IReadOnlyList<TokenizedText> Tokenize(IReadOnlyList<PromptText> texts, TextReading reading) => [.. texts.Select(_ => new TokenizedText([]))];

    public Conditioning? FindConditioning(TokenizedText text) => Nothing;

    public Conditioning Condition(TokenizedText text, IReadOnlyList<EncodedText> encoded) => Nothing;

    public Conditioning ForRow(Conditioning text, RowConditions row) => Description.Classes is null
        ? text
        : new([new NamedTensor(ClassLabels, [], [row.IsNegative ? NoClass : row.ClassLabel ?? NoClass])]);

    public ModelVariant With(IReadOnlyList<LoraChoice> loras, WrapAxes axes = WrapAxes.None, Observation? observed = null) => loras.Count > 0
        ? throw new GraphException("no LoRA can be merged into this model", GraphFault.Misfit)
        : parts.Vary(new(loras, axes, observed), own => new TextlessModel(Description, ContentHash, own) { Preview = Preview });

    public void Dispose()
    {
        parts.Dispose();
        Preview?.Dispose();
    }
}
