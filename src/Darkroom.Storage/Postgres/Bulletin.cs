using System.Globalization;

namespace Darkroom.Storage.Postgres;

/// <summary>
/// What processes tell each other over LISTEN and NOTIFY: hints where to look, and progress. Who misses one looks by himself a little later. Lines of words:
/// the sender first, then <c>queue</c>, <c>delivery</c>, <c>job ID</c>, <c>steps ID ATTEMPT STEP STEPS</c>, <c>reader ID</c> or <c>preview ID</c>.
/// </summary>
internal sealed record Bulletin(string Sender)
{
    public const string Channel = "darkroom";

    /// <summary>Bytes; PostgreSQL takes less than 8,000.</summary>
    public const int MaxLength = 7800;

    /// <summary>Whether jobs came into the queue, or its order or pause changed.</summary>
    public bool Queue { get; init; }

    /// <summary>Whether an end is to be told to a webhook.</summary>
    public bool Delivery { get; init; }

    /// <summary>Jobs whose rows changed.</summary>
    public IReadOnlyCollection<string> Jobs { get; init; } = [];

    /// <summary>Steps that running jobs have done.</summary>
    public IReadOnlyCollection<StepsDone> Steps { get; init; } = [];

    /// <summary>Jobs whose previews somebody waits for.</summary>
    public IReadOnlyCollection<string> Readers { get; init; } = [];

    /// <summary>Jobs that have a newer preview.</summary>
    public IReadOnlyCollection<string> Previews { get; init; } = [];

    /// <summary>As texts that each fit in one notification.</summary>
    public IEnumerable<string> Write()
    {
        var lines = (Queue ? new[] { "queue" } : []).Concat(Delivery ? ["delivery"] : []).Concat(Jobs.Select(id => "job " + id))
            .Concat(Steps.Select(one => string.Create(CultureInfo.InvariantCulture, $"steps {one.Id} {one.Attempt} {one.Step} {one.Steps}")))
            .Concat(Readers.Select(id => "reader " + id)).Concat(Previews.Select(id => "preview " + id));
        string text = Sender;
        foreach (string line in lines)
        {
            if (text.Length + line.Length + 1 > MaxLength)
            {
                yield return text;
                text = Sender;
            }
            text += "\n" + line;
        }
        if (text.Length > Sender.Length) yield return text;
    }

    /// <summary>What of a text can be understood: a later version may tell more.</summary>
    public static Bulletin Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] lines = text.Split('\n');
        bool queue = false, delivery = false;
        List<string> jobs = [], readers = [], previews = [];
        var steps = new List<StepsDone>();
        foreach (string line in lines.Skip(1))
        {
            switch (line.Split(' '))
            {
                case ["queue"]:
                    queue = true;
                    break;
                case ["delivery"]:
                    delivery = true;
                    break;
                case ["job", var id]:
                    jobs.Add(id);
                    break;
                case ["reader", var id]:
                    readers.Add(id);
                    break;
                case ["preview", var id]:
                    previews.Add(id);
                    break;
                case ["steps", var id, var attempt, var step, var all]
                    when Number(attempt) is { } tries && Number(step) is { } done && Number(all) is { } wanted:
                    steps.Add(new(id, tries, done, wanted));
                    break;
            }
        }
        return new Bulletin(lines[0]) { Queue = queue, Delivery = delivery, Jobs = jobs, Steps = steps, Readers = readers, Previews = previews };
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}

/// <summary>Steps of one attempt of a job.</summary>
internal readonly record struct StepsDone(string Id, int Attempt, int Step, int Steps);
