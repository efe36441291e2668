using System.Text;
using Darkroom.Models.Fields;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Fields;

public sealed class FieldDocumentTests
{
    private static readonly string Document = Path.Combine(Repository.Root, "docs", "fields.md");

    /// <summary>Where the table is meant to change, run once with DARKROOM_APPROVE=1 and review the difference.</summary>
    [Fact]
    public void The_document_is_the_table()
    {
        string text = Text();
        if (Environment.GetEnvironmentVariable("DARKROOM_APPROVE") == "1") File.WriteAllText(Document, text);
        Assert.Equal(File.ReadAllText(Document), text);
    }

    [Fact]
    public void A_task_has_each_name_once() =>
        Assert.All(Enum.GetValues<FieldTasks>().Where(task => int.PopCount((int)task) == 1), task =>
            Assert.Empty(FieldTable.Of(task).GroupBy(row => row.Name).Where(rows => rows.Count() > 1).Select(rows => rows.Key)));

    [Fact]
    public void A_model_sets_a_name_in_one_way() =>
        Assert.Empty(FieldTable.All.Where(row => row.ModelSets).GroupBy(row => row.Name).Where(rows => rows.Count() > 1).Select(rows => rows.Key));

    [Fact]
    public void An_option_is_that_of_one_field_or_of_a_size() =>
        Assert.All(Enum.GetValues<FieldTasks>().Where(task => int.PopCount((int)task) == 1), task =>
            Assert.Equal((task & (FieldTasks.Outpaint | FieldTasks.Upscale | FieldTasks.Looks)) != 0 ? [] : (string[])["--size"], FieldTable.Of(task)
                .Where(row => row.Option is not null).GroupBy(row => row.Option).Where(rows => rows.Count() > 1).Select(rows => rows.Key)));

    [Fact]
    public void Tasks_with_one_option_mean_the_same_field_by_it() =>
        Assert.Empty(FieldTable.All.Where(row => row.Option is not null and not "--size").GroupBy(row => row.Option)
            .Where(rows => rows.DistinctBy(row => row.Name).Count() > 1).Select(rows => rows.Key));

    private static string Text()
    {
        var text = new StringBuilder("""
            # Fields of a request

            Written from the table of fields (`src/Darkroom.Models/Fields`), which validation, the defaults of models, the OpenAPI document and
            the command line read;
            a test holds it to that.
            A default with ★ is the model's, where its `darkroom.json` sets one under `defaults`.
            Fields marked ◆ are taken only by models that list them in `capabilities.fields`.


            """);
        Section(text, "Every generation: txt2img, img2img, inpaint, outpaint", row => row.Tasks.HasFlag(FieldTasks.Txt2img));
        Section(text, "img2img, inpaint and outpaint add", row => (row.Tasks & FieldTasks.Edits) != 0 && !row.Tasks.HasFlag(FieldTasks.Txt2img));
        Section(text, "upscale", row => row.Tasks.HasFlag(FieldTasks.Upscale));
        foreach (var task in (FieldTasks[])[FieldTasks.Denoise, FieldTasks.Classify, FieldTasks.Likelihood, FieldTasks.Features])
            Section(text, task.ToString().ToLowerInvariant(), row => row.Tasks.HasFlag(task));
        text.Append("## Other names\n\n| field | AUTOMATIC1111's API | OpenAI's image API | `darkroom generate`, `upscale` |\n|---|---|---|---|\n");
        foreach (var row in FieldTable.All.Where(row => row.A1111 is not null || row.OpenAi is not null || row.Option is not null).DistinctBy(row => row.Name))
            text.Append(Line($"`{row.Name}`", Code(row.A1111), Code(row.OpenAi), Code(row.Option)));
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void Section(StringBuilder text, string title, Func<FieldInfo, bool> takes)
    {
        text.Append("## ").Append(title).Append("\n\n| field | values | default | meaning |\n|---|---|---|---|\n");
        foreach (var row in FieldTable.All.Where(takes))
            text.Append(Line(
                $"`{row.Name}`{(row.NeedsCapability ? " ◆" : "")}{Alone(row.Tasks)}",
                row.Type.Limit, (row.ModelSets ? "★ " : "") + (row.IsRequired ? "required" : row.FallbackText ?? ""), row.About));
        text.Append('\n');
    }

    private static string Alone(FieldTasks tasks) => (tasks & FieldTasks.Generations) switch
    {
        FieldTasks.Inpaint => " (inpaint)",
        FieldTasks.Outpaint => " (outpaint)",
        _ => "",
    };

    private static string Line(params string[] cells) =>
        $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";

    private static string Code(string? name) => name is null ? "" : $"`{name}`";
}
