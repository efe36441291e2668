using Darkroom.Engine.Scheduling;
using Darkroom.Models.Residency;
using Darkroom.Models.Text;

namespace Darkroom.Engine.Stages;

/// <summary>
/// Encodes every text that the row reads at any of its steps, unless a conditioning of it is kept. A model's text encoders are held and asked one after
/// another.
/// </summary>
internal sealed class EncodeText(RowMemory row) : Stage
{
    private readonly RowMemory row = row; // a batch runs rows of others too

    /// <summary>One for each text encoder that a model can have: they are networks of their own.</summary>
    public static IReadOnlyList<NetworkKind> Networks { get; } =
    [
        .. ((string[])["text_encode", "text_encode_2", "text_encode_3"]).Select(name => new NetworkKind(name)
        {
            LeadsToMain = true,
            // All weights are applied to each of some hundred tokens: 0.013 TFLOP with the 123 million of Stable Diffusion 1.5.
            WorkPerWeight = static _ => 110,
            ShareWeight = 0,
            Timing = TimingKind.Encode,
        }),
    ];

    private int encoder; // the one that is asked now

    private RowTexts Texts => row.Texts!;

    public override NetworkKind? Kind => Networks[encoder];

    public override IModelPart? Part => IsDone ? null : row.Model.TextEncoders[encoder];

    public override bool IsDone => Texts.AreEncoded;

    public override Task? Begin(Background background)
    {
        Texts.FindKept(row.Model);
        return null;
    }

    public override void Want(List<Evaluation> wanted)
    {
        for (int text = 0; text < Texts.Entries.Count; text++)
            if (!Texts.IsEncoded(text))
                wanted.Add(new Evaluation(row.Number, text,
                    new(row.Request.Model, Networks[encoder], default, Texts.Entries[text].Encoders[encoder].Signature, null)));
    }

    /// <summary>Encodes each text once, however many rows read it, and none that another batch has encoded meanwhile.</summary>
    public override StepResult Run(Batch batch, IStageTable stages)
    {
        var asked = new List<TextTokens>(batch.Evaluations.Count);
        foreach (var evaluation in batch.Evaluations)
        {
            var stage = (EncodeText)stages[evaluation.Row];
            var tokens = stage.TokensOf(evaluation);
            if (!stage.Texts.FindKept(stage.row.Model, evaluation.Lane) && !asked.Exists(tokens.ReadsAs)) asked.Add(tokens);
        }
        var encoded = asked.Count == 0 ? [] : row.Model.TextEncoders[encoder].Encode(asked, WidthOf(batch));
        var check = new AnswerCheck();
        foreach (var evaluation in batch.Evaluations)
        {
            var stage = (EncodeText)stages[evaluation.Row];
            if (stage.Texts.IsEncoded(evaluation.Lane)) continue;
            var made = encoded[asked.FindIndex(stage.TokensOf(evaluation).ReadsAs)];
            if (AnswerCheck.IsFinite(made.Values) && AnswerCheck.IsFinite(made.Pooled)) stage.Texts.Accept(stage.row.Model, evaluation.Lane, encoder, made);
            else check.Fail(evaluation, "The model's text encoder made values of the prompt that are not finite.");
        }
        return check.Result with { IsTypical = asked.Count == batch.Evaluations.Count };
    }

    public override void Take()
    {
        if (!IsDone) encoder++;
    }

    private TextTokens TokensOf(in Evaluation evaluation) => Texts.Entries[evaluation.Lane].Encoders[encoder];
}
