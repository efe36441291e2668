using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Residency;
using Darkroom.Models.Text;

namespace Darkroom.Engine.Stages;

/// <summary>
/// Encodes every text that the row reads at any of its steps, unless a conditioning of it is kept: a bounded number of chunks at a time, so that no prompt,
/// however long, makes a call that others cannot wait for. A model's text encoders are held and asked one after another.
/// </summary>
/// <param name="row">The row.</param>
/// <param name="texts">What is encoded; null: what the row reads in its first pass.</param>
internal sealed class EncodeText(RowMemory row, RowTexts? texts = null) : Stage
{
    /// <summary>
    /// Maximum of chunks that a row wants at a time, and of those in a call: what the scheduler looks at and what a call takes of memory are bounded.
    /// </summary>
    public const int MaxChunks = 32;

    private readonly RowMemory row = row; // a batch runs rows of others too

    /// <summary>One for each text encoder that a model can have: they are networks of their own.</summary>
    public static IReadOnlyList<NetworkKind> Networks { get; } =
    [
        .. ((string[])["text_encode", "text_encode_2", "text_encode_3"]).Select(name => new NetworkKind(name)
        {
            LeadsToMain = true,
            IsDivisible = true,
            // All weights are applied to each of some hundred tokens: 0.013 TFLOP with the 123 million of Stable Diffusion 1.5.
            WorkPerWeight = static _ => 110,
            ShareWeight = 0,
            Timing = TimingKind.Encode,
        }),
    ];

    private int encoder; // the one that is asked now
    private int first; // of its chunks; those before it are done

    private RowTexts Texts { get; } = texts ?? row.Texts!;

    public override NetworkKind? Kind => Networks[encoder];

    public override IModelPart? Part => IsDone ? null : row.Model.TextEncoders[encoder];

    public override bool IsDone => Texts.AreEncoded;

    public override bool IsLong => Texts.ChunksOf(encoder).Count - first > MaxChunks;

    public override Task? Begin(Background background) => Texts.EncodeBy(row);

    public override JobFailure? Start()
    {
        SkipDone();
        return null;
    }

    /// <summary>The next chunks of one signature: all of them may share one call, so that the row is in one at a time.</summary>
    public override void Want(List<Evaluation> wanted)
    {
        var chunks = Texts.ChunksOf(encoder);
        string signature = chunks[first].Signature;
        for (int i = first; i < chunks.Count && wanted.Count < MaxChunks; i++)
            if (chunks[i].Signature == signature && Texts.Needs(chunks[i]))
                wanted.Add(new Evaluation(row.Number, i, new(row.Request.Model, Networks[encoder], default, signature, null)
                {
                    Variant = row.Model.TextEncoders[encoder].Variant,
                    Content = row.Model.ContentHash,
                }));
    }

    /// <summary>Encodes each chunk once, however many rows read it, and none of a text that another batch has encoded meanwhile.</summary>
    public override StepResult Run(Batch batch, IStageTable stages)
    {
        var asked = new List<TextTokens>(batch.Evaluations.Count);
        foreach (var evaluation in batch.Evaluations)
        {
            var stage = (EncodeText)stages[evaluation.Row];
            var chunk = stage.ChunkOf(evaluation);
            if (stage.Texts.StillNeeds(chunk, stage.row.Model) && !asked.Exists(chunk.Tokens.ReadsAs)) asked.Add(chunk.Tokens);
        }
        var encoded = asked.Count == 0 ? [] : row.Model.TextEncoders[encoder].Encode(asked, WidthOf(batch));
        var check = new AnswerCheck();
        foreach (var evaluation in batch.Evaluations)
        {
            var stage = (EncodeText)stages[evaluation.Row];
            var chunk = stage.ChunkOf(evaluation);
            if (!stage.Texts.Needs(chunk)) continue;
            var made = encoded[asked.FindIndex(chunk.Tokens.ReadsAs)];
            if (AnswerCheck.IsFinite(made.Values) && AnswerCheck.IsFinite(made.Pooled)) stage.Texts.Accept(chunk, encoder, made, stage.row.Model);
            else check.Fail(evaluation, "The model's text encoder made values of the prompt that are not finite.");
        }
        return check.Result with { IsTypical = asked.Count == batch.Evaluations.Count };
    }

    public override void Take()
    {
        if (!IsDone) SkipDone();
    }

    public override int MaxTogether(long availableBytes) => MaxChunks;

    /// <summary>Goes on to the next chunk that is needed, of the next encoder where this one has made all of its own.</summary>
    private void SkipDone()
    {
        while (!IsDone)
        {
            var chunks = Texts.ChunksOf(encoder);
            while (first < chunks.Count && !Texts.StillNeeds(chunks[first], row.Model)) first++;
            if (first < chunks.Count) return;
            (encoder, first) = (encoder + 1, 0);
        }
    }

    private TextChunk ChunkOf(in Evaluation evaluation) => Texts.ChunksOf(encoder)[evaluation.Lane];
}
