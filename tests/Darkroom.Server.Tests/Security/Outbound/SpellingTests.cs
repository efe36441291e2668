using Darkroom.Server.Security.Outbound;

namespace Darkroom.Server.Tests.Security.Outbound;

/// <summary>How addresses can be spelt, and what each spelling gives: tricks that passed other servers' checks, and plain ones.</summary>
public sealed class SpellingTests
{
    private const string Refused = "";

    /// <summary>What is called where every address of the internet may be; empty: it is refused.</summary>
    public static TheoryData<string, string> OfTheInternet => new()
    {
        // Plain.
        { "https://example.org/hook", "https://example.org/hook" },
        { "https://example.org", "https://example.org/" },
        { "https://example.org?x=1", "https://example.org/?x=1" },
        { "HTTPS://EXAMPLE.Org/Hook", "https://example.org/Hook" },
        { "https://example.org:443/hook", "https://example.org/hook" },
        { "https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/" },
        { "https://a-b_c.example.org/%41?q=%20&r=@x", "https://a-b_c.example.org/A?q=%20&r=@x" },
        { "https://example.org/a/../b", "https://example.org/b" },
        { "https://93.184.216.34/", "https://93.184.216.34/" },
        { "https://[2606:2800:220:1:248:1893:25c8:1946]/", "https://[2606:2800:220:1:248:1893:25c8:1946]/" },
        { "https://127.0.0.1.example.org/", "https://127.0.0.1.example.org/" },

        // Schemes and ports.
        { "http://example.org/", Refused },
        { "https:example.org", Refused },
        { "https:/example.org", Refused },
        { "//example.org/", Refused },
        { "example.org", Refused },
        { "ftp://example.org/", Refused },
        { "file:///etc/passwd", Refused },
        { "gopher://example.org:443/", Refused },
        { "javascript://example.org/%0aalert(1)", Refused },
        { "https://example.org:8443/", Refused },
        { "https://example.org:80/", Refused },
        { "https://example.org:0443/", Refused },
        { "https://example.org:/", Refused },
        { "https://example.org:443:443/", Refused },
        { "https://example.org:65979/", Refused },

        // Users, fragments, slashes: what one parser takes for the host is another's user, path or fragment.
        { "https://user@example.org/", Refused },
        { "https://user:password@example.org/", Refused },
        { "https://example.org@127.0.0.1/", Refused },
        { "https://127.0.0.1@example.org/", Refused },
        { "https://example.org:443@127.0.0.1/", Refused },
        { "https://@example.org/", Refused },
        { "https://example.org#@127.0.0.1/", Refused },
        { "https://example.org/#here", Refused },
        { @"https://example.org\@127.0.0.1/", Refused },
        { @"https:\\example.org\", Refused },
        { @"https://127.0.0.1\.example.org/", Refused },
        { "https:///example.org/", Refused },
        { "https://", Refused },
        { "https://?", Refused },
        { "", Refused },

        // Signs that are dropped, folded or decoded on the way.
        { " https://example.org/", Refused },
        { "https://example.org/ ", Refused },
        { "https://exam\tple.org/", Refused },
        { "https://example.org\n/", Refused },
        { "https://example.org/a\r\nHost: b", Refused },
        { "https://example.org\0.a/", Refused },
        { "https://ex%61mple.org/", Refused },
        { "https://127%2e0%2e0%2e1/", Refused },
        { "https://%31%32%37.0.0.1/", Refused },
        { "https://bücher.example/", Refused },
        { "https://①②⑦.⓪.⓪.①/", Refused },
        { "https://１２７.0.0.1/", Refused },
        { "https://127。0。0。1/", Refused },
        { "https://exam\u00adple.org/", Refused },
        { "https://example.org./", Refused },
        { "https://.example.org/", Refused },
        { "https://example..org/", Refused },
        { "https://localhost/", Refused },
        { "https://LOCALHOST./", Refused },
        { "https://intranet/", Refused },

        // IPv4 in other clothes.
        { "https://127.0.0.1/", Refused },
        { "https://2130706433/", Refused },
        { "https://017700000001/", Refused },
        { "https://0x7f000001/", Refused },
        { "https://0X7F.0.0.1/", Refused },
        { "https://0177.0.0.1/", Refused },
        { "https://127.1/", Refused },
        { "https://127.0.0.01/", Refused },
        { "https://127.0.0.1./", Refused },
        { "https://256.256.256.256/", Refused },
        { "https://93.184.216.0x22/", Refused },
        { "https://0/", Refused },
        { "https://0.0.0.0/", Refused },
        { "https://10.1.2.3/", Refused },
        { "https://172.31.255.255/", Refused },
        { "https://192.168.0.1/", Refused },
        { "https://100.64.0.1/", Refused },
        { "https://169.254.169.254/latest/meta-data/", Refused },
        { "https://168.63.129.16/", Refused },
        { "https://255.255.255.255/", Refused },

        // IPv6, and IPv4 within it.
        { "https://[::1]/", Refused },
        { "https://[::]/", Refused },
        { "https://[0:0:0:0:0:0:0:1]/", Refused },
        { "https://[::ffff:127.0.0.1]/", Refused },
        { "https://[::ffff:7f00:1]/", Refused },
        { "https://[::ffff:93.184.216.34]/", Refused },
        { "https://[::127.0.0.1]/", Refused },
        { "https://[64:ff9b::7f00:1]/", Refused },
        { "https://[64:ff9b::169.254.169.254]/", Refused },
        { "https://[64:ff9b:1::a00:1]/", Refused },
        { "https://[2002:7f00:1::]/", Refused },
        { "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/", Refused },
        { "https://[fe80::1]/", Refused },
        { "https://[fe80::1%25eth0]/", Refused },
        { "https://[fe80::1%eth0]/", Refused },
        { "https://[2606:2800:220:1:248:1893:25c8:1946%251]/", Refused },
        { "https://[fd00::1]/", Refused },
        { "https://[fd00:ec2::254]/", Refused },
        { "https://[ff02::1]/", Refused },
        { "https://[2001:db8::1]/", Refused },
        { "https://[::1/", Refused },
        { "https://::1/", Refused },
        { "https://[127.0.0.1]/", Refused },
    };

    [Theory]
    [MemberData(nameof(OfTheInternet))]
    public void Of_all_spellings_the_plain_ones_of_the_internet_are_called(string text, string called) =>
        Assert.Equal(called, OutboundRule.Parse("public")!.Find(text)?.AbsoluteUri ?? Refused);

    [Theory]
    [InlineData("hooks.example.org", "https://hooks.example.org/a", true)]
    [InlineData("hooks.example.org", "https://HOOKS.example.org:443/a", true)]
    [InlineData("hooks.example.org", "http://hooks.example.org/a", false)]
    [InlineData("hooks.example.org", "https://hooks.example.org:8443/a", false)]
    [InlineData("hooks.example.org", "https://a.hooks.example.org/", false)]
    [InlineData("hooks.example.org", "https://hooks.example.org.evil.example/", false)]
    [InlineData("*.example.org", "https://a.b.example.org/", true)]
    [InlineData("*.example.org", "https://example.org/", false)]
    [InlineData("*.example.org", "https://evilexample.org/", false)]
    [InlineData("hooks.internal:8443", "https://hooks.internal:8443/", true)]
    [InlineData("hooks.internal:8443", "https://hooks.internal/", false)]
    [InlineData("http://127.0.0.1:9000", "http://127.0.0.1:9000/hook", true)]
    [InlineData("http://127.0.0.1:9000", "http://127.0.0.1:9001/hook", false)]
    [InlineData("http://127.0.0.1:9000", "https://127.0.0.1:9000/hook", false)]
    [InlineData("http://127.0.0.1:9000", "http://2130706433:9000/hook", false)]
    [InlineData("http://127.0.0.1:9000", "http://[::ffff:127.0.0.1]:9000/hook", false)]
    [InlineData("http://[::1]:9000", "http://[0:0::1]:9000/", true)]
    [InlineData("http://a.example", "http://a.example/", true)]
    [InlineData("a.example, public", "https://b.example/", true)]
    [InlineData("a.example, public", "https://intranet/", false)]
    [InlineData("intranet", "https://intranet/", true)]
    [InlineData("none", "https://example.org/", false)]
    public void A_receiver_that_is_named_is_called_as_it_is_named(string setting, string text, bool found) =>
        Assert.Equal(found, OutboundRule.Parse(setting)!.Find(text) is not null);

    [Theory]
    [InlineData("none,public")]
    [InlineData("*")]
    [InlineData("*.10.0.0.1")]
    [InlineData("a.example/path")]
    [InlineData("user@a.example")]
    [InlineData("ftp://a.example")]
    [InlineData("https://a.example:0")]
    [InlineData("2130706433")]
    [InlineData("a.example.")]
    [InlineData("bücher.example")]
    public void A_setting_that_is_no_receiver_is_refused(string setting) => Assert.Null(OutboundRule.Parse(setting));

    [Fact]
    public void An_address_has_at_most_2048_characters()
    {
        var rule = OutboundRule.Parse("public")!;
        Assert.NotNull(rule.Find("https://example.org/".PadRight(2048, 'a')));
        Assert.Null(rule.Find("https://example.org/".PadRight(2049, 'a')));
    }
}
