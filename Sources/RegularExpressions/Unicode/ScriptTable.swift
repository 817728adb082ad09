// Made by Scripts/make-unicode-tables from Unicode 15.0.0.

/// The script of every code point, and further scripts that use it.
enum ScriptTable {
    /// The names of each script, the long one first, in the order that `runs` counts by.
    static let names = [
        "Adlam Adlm",
        "Ahom",
        "Anatolian_Hieroglyphs Hluw",
        "Arabic Arab",
        "Armenian Armn",
        "Avestan Avst",
        "Balinese Bali",
        "Bamum Bamu",
        "Bassa_Vah Bass",
        "Batak Batk",
        "Bengali Beng",
        "Bhaiksuki Bhks",
        "Bopomofo Bopo",
        "Brahmi Brah",
        "Braille Brai",
        "Buginese Bugi",
        "Buhid Buhd",
        "Canadian_Aboriginal Cans",
        "Carian Cari",
        "Caucasian_Albanian Aghb",
        "Chakma Cakm",
        "Cham",
        "Cherokee Cher",
        "Chorasmian Chrs",
        "Common Zyyy",
        "Coptic Copt Qaac",
        "Cuneiform Xsux",
        "Cypriot Cprt",
        "Cypro_Minoan Cpmn",
        "Cyrillic Cyrl",
        "Deseret Dsrt",
        "Devanagari Deva",
        "Dives_Akuru Diak",
        "Dogra Dogr",
        "Duployan Dupl",
        "Egyptian_Hieroglyphs Egyp",
        "Elbasan Elba",
        "Elymaic Elym",
        "Ethiopic Ethi",
        "Georgian Geor",
        "Glagolitic Glag",
        "Gothic Goth",
        "Grantha Gran",
        "Greek Grek",
        "Gujarati Gujr",
        "Gunjala_Gondi Gong",
        "Gurmukhi Guru",
        "Han Hani",
        "Hangul Hang",
        "Hanifi_Rohingya Rohg",
        "Hanunoo Hano",
        "Hatran Hatr",
        "Hebrew Hebr",
        "Hiragana Hira",
        "Imperial_Aramaic Armi",
        "Inherited Zinh Qaai",
        "Inscriptional_Pahlavi Phli",
        "Inscriptional_Parthian Prti",
        "Javanese Java",
        "Kaithi Kthi",
        "Kannada Knda",
        "Katakana Kana",
        "Kawi",
        "Kayah_Li Kali",
        "Kharoshthi Khar",
        "Khitan_Small_Script Kits",
        "Khmer Khmr",
        "Khojki Khoj",
        "Khudawadi Sind",
        "Lao Laoo",
        "Latin Latn",
        "Lepcha Lepc",
        "Limbu Limb",
        "Linear_A Lina",
        "Linear_B Linb",
        "Lisu",
        "Lycian Lyci",
        "Lydian Lydi",
        "Mahajani Mahj",
        "Makasar Maka",
        "Malayalam Mlym",
        "Mandaic Mand",
        "Manichaean Mani",
        "Marchen Marc",
        "Masaram_Gondi Gonm",
        "Medefaidrin Medf",
        "Meetei_Mayek Mtei",
        "Mende_Kikakui Mend",
        "Meroitic_Cursive Merc",
        "Meroitic_Hieroglyphs Mero",
        "Miao Plrd",
        "Modi",
        "Mongolian Mong",
        "Mro Mroo",
        "Multani Mult",
        "Myanmar Mymr",
        "Nabataean Nbat",
        "Nag_Mundari Nagm",
        "Nandinagari Nand",
        "New_Tai_Lue Talu",
        "Newa",
        "Nko Nkoo",
        "Nushu Nshu",
        "Nyiakeng_Puachue_Hmong Hmnp",
        "Ogham Ogam",
        "Ol_Chiki Olck",
        "Old_Hungarian Hung",
        "Old_Italic Ital",
        "Old_North_Arabian Narb",
        "Old_Permic Perm",
        "Old_Persian Xpeo",
        "Old_Sogdian Sogo",
        "Old_South_Arabian Sarb",
        "Old_Turkic Orkh",
        "Old_Uyghur Ougr",
        "Oriya Orya",
        "Osage Osge",
        "Osmanya Osma",
        "Pahawh_Hmong Hmng",
        "Palmyrene Palm",
        "Pau_Cin_Hau Pauc",
        "Phags_Pa Phag",
        "Phoenician Phnx",
        "Psalter_Pahlavi Phlp",
        "Rejang Rjng",
        "Runic Runr",
        "Samaritan Samr",
        "Saurashtra Saur",
        "Sharada Shrd",
        "Shavian Shaw",
        "Siddham Sidd",
        "SignWriting Sgnw",
        "Sinhala Sinh",
        "Sogdian Sogd",
        "Sora_Sompeng Sora",
        "Soyombo Soyo",
        "Sundanese Sund",
        "Syloti_Nagri Sylo",
        "Syriac Syrc",
        "Tagalog Tglg",
        "Tagbanwa Tagb",
        "Tai_Le Tale",
        "Tai_Tham Lana",
        "Tai_Viet Tavt",
        "Takri Takr",
        "Tamil Taml",
        "Tangsa Tnsa",
        "Tangut Tang",
        "Telugu Telu",
        "Thaana Thaa",
        "Thai",
        "Tibetan Tibt",
        "Tifinagh Tfng",
        "Tirhuta Tirh",
        "Toto",
        "Ugaritic Ugar",
        "Unknown Zzzz",
        "Vai Vaii",
        "Vithkuqi Vith",
        "Wancho Wcho",
        "Warang_Citi Wara",
        "Yezidi Yezi",
        "Yi Yiii",
        "Zanabazar_Square Zanb",
    ]

    /// Length and script, again and again.
    static let runs: StaticString = #"""
        Q2HJV26HJV2_1H1V2?H1V25HGV21HOV21HQ>V2W1H5V25H2<DH`3g14[11H3[12l44[11H1[14l41[11H1[11H3[11l41[11l4D[11l4
        o1[1>I@[1U4M2g1Y5M1l4V142l4b142l4341l4g1d18l4Kd14l46d1;l4531H631H>31H331HP131H:3;g1J31g1\331HR13>Z41l4l1
        Z42l43Z4`13b1e4>l4k1U32l43U3^1n32l4?n31l4La22l41a21l4;Z45l4O31l4236l4Z231HM3a2O4g1?O2HJO4:1l48:2l42:2l4F
        :1l47:1l41:3l44:2l49:2l42:2l44:8l41:4l42:1l45:2l4I:2l43^11l46^14l42^12l4F^11l47^11l42^11l42^11l42^12l41^
        11l45^14l42^12l43^13l41^17l44^11l41^17l4A^1:l43\11l49\11l43\11l4F\11l47\11l42\11l45\12l4:\11l43\11l43\12
        l41\1?l44\12l4<\17l47\11l43c31l48c32l42c32l4Fc31l47c31l42c31l45c32l49c32l42c32l43c37l43c34l42c31l45c32l4
        Bc3:l42a41l46a43l43a41l44a43l42a41l41a41l42a43l42a43l43a43l4<a44l45a43l43a41l44a42l41a46l41a4>l4Ea45l4=d
        41l43d41l4Gd41l4@d42l49d41l43d41l44d47l42d41l43d42l41d42l44d42l4:d47l49d4=l11l43l11l4Gl11l4:l11l45l12l49
        l11l43l11l44l17l42l16l42l11l44l12l4:l11l43l1<l4=`21l43`21l4c1`21l43`21l46`24l4@`22l4J`21l43T41l4BT43l4HT
        41l49T41l41T42l47T43l41T44l46T41l41T41l48T46l4:T42l43T4<l4j1f44l41HLf4U1l42U21l41U21l45U21l4HU21l41U21l4
        GU22l45U21l41U21l47U21l4:U22l44U2P1l4X2g41l4T1g44l4W1g41l4T1g41l4?g41l47g44H2g4U1l4P5o2V1W11l41W15l41W12
        l4[1W11H4W1P8`1Y2V11l44V12l47V11l41V11l44V12l4Y1V11l44V12l4Q1V11l44V12l47V11l41V11l44V12l4?V11l4i1V11l44
        V12l4S2V12l4P1V13l4JV16l4f2F2l46F2l4PDAMX33l4[2m33H;m37l4F[49l41[4Eb12H9l4D@<l4=\41l43\41l42\4<l4n2R22l4
        :R26l4:R26l42l22H1l21HDl26l4i2l27l4[1l25l4V2A:l4OX21l4<X24l4<X24l41X23l4<X2N]42l45]4;l4\1S34l4JS36l4;S33
        l42S3P1R2L?2l42?o1^41l4M^42l4;^46l4:^46l4>^42l4Og1a1l4]263l4_161l4P2X4d198l449h1W23l4?W23l43W2`1Y39M7l4[
        1W12l43W18X48l43g11H=g11H7g14H1g16H1g13H2g11H5l4V1V25[11Ma1V25[14V25[1=V21MV2V21[1P2g1P8V2F[12l46[12l4V1
        [12l46[12l48[11l41[11l41[11l41[11l4O[12l4e1[11l4?[11l4>[12l46[11l4C[12l43[11l49[11l4<H2g1g2H1l4;H1V22l4;
        H1V2?H1l4=V23l4Q1H?l4Q1g1?l4V1H1[13H2V26H1V2KH1V2AHY1V23H4l4gDHIl4;HEl4PMHP8>dCH2l4P1H1l4Y3HP3X1P1V2d3I5
        l47IV1W11l41W15l41W12l4h1h47l42h4>l41h4GV19l47V11l47V11l47V11l47V11l47V11l47V11l47V11l47V11l4P1Mn2HR1l4J
        _11l4i2_1<l4f6_1Jl4<H4l45H1_11H1_1IH9_14g12`18H4_14H1l4f2e12l42g12H3e11Hj2m12H3m15l4[1<1l4n2`11l4@HP1<T1
        H<l4@m1O`11l4P2HO`1a2H_1m11Hh2m1X5HP^6_1P2HP`D_1]T1R53l4g1R59l4`1[2\9m4Dl4P3Mh278l4R1HV3V23HP2V25l42V21l
        41V21l45V2Hl4>V2]1Y43l4:H6l4h1i38l4V2o38l4<o36l4P1O^1o11H1o1T1l3;l41l3M`13l4^2j11l41H:j14l42j1Oo21l4g1E9
        l4>E2l4:E2l44EP1o2S2_4Hl45_4Gf2:l46V12l46V12l46V19l47V11l47V11l4[1V21H9V21[14V22H4l4`2F^1f22l4:f26l4Tm:`
        1<l4G`14l4a1`1TX8l4^;_12l4Z3_1V1l47V2<l4545l4Jd11l45d11l41d11l42d11l42d11l4:d1c33@l4[;32H`232l4f137l413P
        1l4@3@g1:H6l4>g12MS1H1l4CH1l44H4l4531l4W432l41H1l4P1HJV26HJV2;H:m11H]1m12HO`13l46`12l46`12l46`12l43`13l4
        7H1l47H:l45H2l4<Z21l4JZ21l4CZ21l42Z21l4?Z22l4>Z2R1l4k3Z25l43H4l4]1H3l49H_2[11l4=H3l41[1_1l4]1H1g1R4l4M\2
        3l4a1B?l41g1KH4l4T1[39l43[3KY15l4[1]35l4Nk41l41k4T1^34l4>^3Z1l4`2N`1Q4Ne32l4:e36l4T1d34l4T1d34l4X1T18l4d
        1C;l41C;n41l4?n41l47n41l42n41l4;n41l4?n41l47n41l42n4S2l4g9Y29l4FY2:l48Y2Hl46V21l4Z1V21l49V2U2l46K2l41K1l
        4\1K1l42K3l41K2l41KFf11l49f1P1g3OP38l49P3`1l4Cc11l42c15l45c1Lj33l41j3J]25l41]2P2l4P1i2Hh24l4Dh22l4^1h24P
        21l42P25l48P21l43P21l4MP22l43P24l4:P27l49P27l4P1`3P1\3P1l4W1b24l4<b29l4f153l475Fi12l48i1Ch15l48h1Bk37l44
        k3<l47k3`2l4Y2a3g1l4c1Z3=l4c1Z37l46Z3X1a18l4:a1V9l4O31l4Z1Q51l43Q52l42Q5[2l433X1_38l4Z1U4Fl4Jb3V1l4LGDl4
        GU19l4^2=4l4T1=9l41=S2k1:l41k12l4IV47l4:V46l4e1D1l4BD8l4W1^29l4P3P41l4DT4;l4BS21l4_1S2n1l47n21l41n21l44n
        21l4?n21l4;n26l4k1T25l4:T26l44Z11l48Z12l42Z12l4FZ11l47Z11l42Z11l45Z11l41g19Z12l42Z12l43Z12l41Z16l41Z15l4
        7Z12l47Z13l45Z1[4l4l2T31l45T3Nl4X2i48l4:i4V5l4f1R42l4V1R4R1l4U2k2;l4:k26l4=l2Cl4j1`46l4:`4f1l4K12l4?14l4
        G1i5l4l1Q1T3l4c2P5<l41P57P12l41P12l48P11l42P11l4NP11l42P12l4<P19l4:P1V2l48R32l4^1R32l4;R3Kl4X2S58l4c2W4=
        l4@Ai1h37l4:Of7l49;1l4]1;1l4>;:l4M;3l4P1c22l4Fc21l4>c2Y2l47d21l42d21l4\1d23l41d21l42d21l49d28l4:d26l46]1
        1l42]11l4U1]11l42]11l46]17l4:]1f9l4I_27l4An11l4Y1n13l4Ln1f2l41[2?l4b1a4=l41a4jLJV3l4_3J1l45J;l4T6J\b2l4S
        3L=l4fR1S1Zm3l4WB2i]8l4iA77l4Om21l4:m24l42m2_2b41l4:b46l4N82l468:l4V2f3:l4:f31l47f31l4Ef35l4Cf3`El4k2e2U
        3l4[2j24l4i1j27l4Aj2P2l41c41V32_11Q2;l42_1>l4ho5c48l4PHc4f>Q2Z1l49c4Wg8l44m11l47m11l42m11l41m1o8e13m1?l4
        1e1Ml43e12l41m1>l44m18l4\<V3TX2l4[3R15l4=R13l49R17l4:R12l44R14Hlb4l4^1g12l4Gg19l4d3Hl1l4f7H:l4W1H2l4n1H3
        g1AH8g12H7g1NH4g1m1HEl4V2[1j3l4DH<l4DH<l4g2H9l4IHW4l4e2H1l4W2H1l42H2l41H2l42H2l44H1l4<H1l41H1l47H1l4Q2H1
        l44H2l48H1l47H1l4LH1l44H1l45H1l41H3l47H1l4d:H2l4T9H2l4b1H\DS4?l45S41l4?S4`R1l4OV26l46V2e6l47X11l4AX12l47
        X11l42X11l45X15l4n1MQ1l41M`3l4]1W33l4>W32l4:W34l42W3P:l4Oj4Al4j1o45l41o4`>l4Z1Q3VGl47V11l44V11l42V11l4?V
        11l4U6g22l4@g2Y1l4\204l4:04l420aHl4T2H\2l4m1HR6l4431l4K31l4231l4132l4131l4:31l4431l4131l4136l4134l4131l4
        131l4131l4331l4231l4132l4131l4131l4131l4131l4131l4231l4132l4431l4731l4431l4431l4131l4:31l4A35l4331l4531l
        4A3d1l423^8l4\1H4l4T3H<l4?H2l4?H1l4?H1l4U1H:l4^5Hh1l4JH1e12H=l4\1H4l49H7l42H>l46Hj4l4hNH4l4AH3l4=H3l4g3H
        4l4o2H6l4<H4l41H?l4<H4l4h1H8l4:H6l4X1H8l4NH2l42H^2l4d:H<l4>H2l4=H3l49H7l4^1H1l47H8l4>H4l49H7l49H7l4c4H1l
        4g1HU1l4:HVP1l4PgY1_1P1l4jQ4_16l4n6_12l4Rd5_1>l4aY7_1oP3l4n@_1R_1l4[j4_15l4PS4_1aRgEl41HNl4P3HP4l4`7g1``
        o5l4
        """#

    /// Distance to the last first code point, length less one, number of scripts, scripts; again and again.
    static let extensions: StaticString = #"""
        RJ01[1301[1N<1V2P902M]3102MX1112MV2202MX1U<063U3a1Z4e4Q5?063U3a1Z4e4Q51033Z4e430703U3a1Z4e4Q5Q10903a2b2b
        3k3a1U4Z4;:23Z4E933e4Q5@023Z4T3023a1mC0=:OZ1\1^1l1V2`2c3P4a4d4i410<:OZ1\1^1l1V2`2c3a4d4i4B0D:OQ1]1d2Z1\1
        ^1l1^2`2R3c3T2T4Y4`4a4d4i410E:OQ1]1d2Z1\1^1l1X2^2`2R3c3T2T4Y4`4a4d4i4194OQ1k1^2P493:DY4P492^1n2P492\1S2P
        892Z1a4:22Z1a4302Z1a4c792l1R3jJ93Do2]4k502W1V2ja114@b1\4[4]612l2i3302l2i3[V104:OZ1l1101O104:OZ1l1102OZ11
        01O112:O202OP4102:O102OP4106Ol1`2c3a4d4101O112OP4211O202OP4102:O161O702OR3102:O111O202:O131O408:OZ1l1R3c
        3d4i4102OZ1103OZ1l1112:O201:112OZ1201R3V611[1h102MZ4201Z4eA02V2l2Q603OZ1V2cZ302MX1n=16<`1_1e1m1R5205<`1_
        1e1m1301_1206<`1_1e1m1R5106<`1_1e1m1R5106<`1_1e1m1R5106<`1_1e1m1R5106<`1_1e1m1R5106<`1_1e1m1R5106<`1_1e1
        m1R5106<`1_1e1m1R5106<`1_1e1m1R5106<`1_1e1m1R5205<`1_1e1m1106<`1_1e1m1R5106<`1_1e1m1R5106<`1_1e1m1R5106<
        `1_1e1m1R5106<`1_1e1m1R5106<`1_1e1m1R5106<`1_1e1m1R5106<`1_1e1m1R5105<`1_1e1m1105<`1_1e1m1115<`1_1e1m1<3
        2<_1605<`1_1e1m1142e1m1605<`1_1e1m1503_1e1m1103_1e1m1111_1k212e1m1212e1m1502e1m1k206<`1_1e1m1R5102e1m1d4
        11_1231_1491_1Z1S11_1P391_1:M1_1f291_1:V11_1f1;1_1o101_1i2H1_1S141_1U3N1_1_dL02MX1a472_1V2`92>OQ1\1^1S2l
        1k1^2`2k2R3T2`4i432=OQ1\1^1S2l1k1^2k2R3T2`4i431;OQ1\1^1S2k1^2k2T2`4i420;OQ1\1^1S2k1^2k2T2`4i410;OQ1\1^1S
        2k1^2k2T2`4i4h502:O202Oa4k103o1V2o2Q502?j1_kD023U31023U3c5023e4;023e4X215<`1_1e1m1l806<`1_1e1m1R5106<`1_
        1e1m1R5106<`1_1e1m1R5116<`1_1e1m1R5<02e1m1^112e1m1R;13LKZ2202KZ25\13KY2Z2`182KZ2Y=023I1J23IaP202b2b3_P20
        2Z1a4202Z1a4h112Z1a4eT312Z1a4302Z1a4]VW131R1Pf5A1_1`g711_1
        """#
}
