using Darkroom.Server.Commands.Config;
using Darkroom.Server.Configuration;
using Microsoft.Extensions.Configuration;

namespace Darkroom.Server.Tests.OpenAi;

public sealed class OpenAiSettingsTests
{
    [Fact]
    public void Names_of_models_are_an_object_or_a_text()
    {
        var none = Read();
        Assert.True(none.OpenAi.Enabled);
        Assert.Equal("gpt-image-1", none.OpenAi.Models.Of("gpt-image-1"));
        var file = Read(("OpenAi:Models:gpt-image-1", "my-sdxl"), ("OpenAi:Models:gpt-image-1.5", "my-flux"));
        var text = Read(("OpenAi:Models", "gpt-image-1=my-sdxl, gpt-image-1.5 = my-flux"));
        foreach (var settings in (DarkroomSettings[])[file, text])
            Assert.Equal(("my-sdxl", "my-flux", "other"),
                (settings.OpenAi.Models.Of("gpt-image-1"), settings.OpenAi.Models.Of("gpt-image-1.5"), settings.OpenAi.Models.Of("other")));
        Assert.False(Read(("OpenAi:Enabled", "false")).OpenAi.Enabled);
    }

    [Fact]
    public void The_command_that_shows_settings_says_where_an_object_comes_from()
    {
        var row = SettingsTable.All.Single(one => one.Key == "OpenAi:Models");
        var given = new ConfigurationBuilder().AddInMemoryCollection([new("Darkroom:OpenAi:Models:gpt-image-1", "my-sdxl")]).Build();
        Assert.Equal("command line", new SettingOrigins(given).Of(row).Kind);
        Assert.Equal("gpt-image-1=my-sdxl", SettingsTable.Open(given, "/home").Reader.Values[row]);
        Assert.Equal(SettingOrigin.Default, new SettingOrigins(new ConfigurationBuilder().Build()).Of(row));
    }

    [Theory]
    [InlineData("OpenAi:Models", "gpt-image-1", "Darkroom:OpenAi:Models is 'gpt-image-1', and must be pairs such as gpt-image-1=my-sdxl, each name once.")]
    [InlineData("OpenAi:Models", "a=b,a=c", "Darkroom:OpenAi:Models is 'a=b,a=c', and must be pairs such as gpt-image-1=my-sdxl, each name once.")]
    [InlineData("OpenAi:Models:a:b", "c", "Darkroom:OpenAi:Models:a:b is no setting.")]
    [InlineData("OpenAi:Enable", "true", "Darkroom:OpenAi:Enable is no setting. Did you mean Darkroom:OpenAi:Enabled?")]
    public void A_wrong_setting_is_told_in_a_sentence(string key, string value, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<SettingsException>(() => Read((key, value))).Message);

    private static DarkroomSettings Read(params (string Key, string Value)[] values)
    {
        var pairs = values.Select(pair => KeyValuePair.Create("Darkroom:" + pair.Key, (string?)pair.Value));
        return SettingsTable.Read(new ConfigurationBuilder().AddInMemoryCollection(pairs).Build(), "/home");
    }
}
